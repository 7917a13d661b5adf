"""What a stay costs, and in which money."""

MONEY = {
    "rate": """
        adr, rate, average_daily_rate, room_rate, rate_amount, nightly_rate, price_per_night, daily_rate,
        average_rate, zimmerpreis, preis_pro_nacht, logispreis, rate_pro_nacht, tagespreis, prix_par_nuit,
        prix_de_la_chambre, prix_moyen, prix_nuit, tarif_moyen, precio_por_noche, precio_noche, tarifa_media,
        precio_habitacion, preco_por_noite, preco_noite, diaria, valor_da_diaria, preco_medio, prezzo_per_notte,
        prezzo_notte, prezzo_camera, tariffa_media, 房价, 平均房价, 日均房价, 单价, 实际房价, 每晚价格, 房價,
        平均房價, 單價, 每晚房價
    """,
    "revenue": """
        room_revenue, revenue, total_revenue, total_amount, total, total_price, amount, grand_total, total_stay,
        zimmerumsatz, umsatz, gesamtumsatz, gesamtbetrag, gesamtpreis, betrag, summe, logisumsatz, logiserlos,
        chiffre_d_affaires, revenu, montant, montant_total, prix_total, ca_hebergement, ca_chambre, ca_chambres,
        chiffre_d_affaires_chambre, chiffre_d_affaires_hebergement, revenu_chambre, ingresos, importe,
        importe_total, precio_total, ingresos_habitacion, total_reserva, receita, receita_total, valor_total,
        montante, preco_total, valor, receita_de_alojamento, ricavo, ricavi, importo, importo_totale, prezzo_totale,
        totale, 房费, 总房费, 总金额, 金额, 总价, 消费金额, 房租, 总消费, 订单金额, 房費, 總房費, 總金額, 金額,
        總價, 消費金額, 訂單金額
    """,
    "currency": """
        currency, currency_code, ccy, curr, wahrung, devise, monnaie, moneda, divisa, moeda, valuta, 币种, 货币, 币别,
        幣別, 幣種, 貨幣
    """,
}
