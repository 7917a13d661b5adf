"""When a guest stays, in which how many of them, and who sold it."""

STAY = {
    "arrival": """
        arrival, arrival_date, check_in, checkin, check_in_date, checkin_date, start_date, from, arr, arr_date,
        date_of_arrival, arrives, arrival_day, stay_from, begin_date, anreise, anreisedatum, anreisetag, ankunft,
        ankunftsdatum, anreise_am, von, arrivee, date_d_arrivee, date_arrivee, date_de_debut, du, llegada,
        fecha_de_llegada, fecha_llegada, entrada, fecha_de_entrada, fecha_entrada, desde, chegada, data_de_chegada,
        data_chegada, data_de_entrada, data_entrada, data_de_check_in, data_check_in, arrivo, data_di_arrivo,
        data_arrivo, data_di_check_in, 到店日期, 入住日期, 抵店日期, 到达日期, 来店日期, 入住时间, 到店时间,
        抵达日期, 到日, 入住, 来期, 抵店时间, 到店, 到达时间, 抵達日期, 到達日期, 入住時間, 到店時間, 抵店時間,
        進店日期, 住宿日期
    """,
    "departure": """
        departure, departure_date, check_out, checkout, check_out_date, checkout_date, end_date, to, dep, dep_date,
        date_of_departure, leaves, departs, departure_day, stay_to, abreise, abreisedatum, abreisetag, abreise_am,
        abfahrt, bis, depart, date_de_depart, date_depart, date_de_fin, au, salida, fecha_de_salida, fecha_salida,
        hasta, partida, data_de_partida, data_partida, saida, data_de_saida, data_saida, data_de_check_out,
        data_check_out, partenza, data_di_partenza, data_partenza, data_di_check_out, 离店日期, 退房日期, 离开日期,
        离店时间, 退房时间, 离日, 离店, 退房, 离期, 預離日期, 预离日期, 離店日期, 退房時間, 離店時間, 離開日期, 離店
    """,
    "room_type": """
        room_type, room_category, unit_group, room_class, room_type_code, room, roomtype, zimmertyp,
        zimmerkategorie, zimmerart, type_de_chambre, type_chambre, categorie_de_chambre, categorie_chambre,
        tipo_de_habitacion, tipo_habitacion, tipo_de_quarto, tipo_quarto, tipologia, categoria_do_quarto,
        tipo_camera, tipo_di_camera, tipologia_camera, categoria_camera, 房型, 房间类型, 房类, 客房类型, 房間類型,
        房型代碼, 客房類型
    """,
    "rate_plan": """
        rate_plan, rate_plan_code, rate_code, board, meal, meal_plan, rate_plan_name, ratencode, tarif, verpflegung,
        arrangement, preisplan, code_tarif, plan_tarifaire, pension, formule, plan_de_tarifas, codigo_de_tarifa,
        tarifa, regimen, codigo_tarifa, plano_tarifario, regime, codigo_da_tarifa, piano_tariffario, codice_tariffa,
        trattamento, tariffa, 房价码, 价格代码, 房价代码, 价格方案, 房價碼, 房價代碼, 價格代碼
    """,
    "adults": """
        adults, number_of_adults, pax_adults, adult, no_of_adults, erwachsene, anzahl_erwachsene, adultes,
        nb_adultes, nombre_d_adultes, adultos, numero_de_adultos, n_adultos, adulti, numero_adulti, 成人, 成人数,
        大人, 成人人数, 成人數, 大人數
    """,
    "children": """
        children, number_of_children, pax_children, child, kids, no_of_children, kinder, anzahl_kinder, enfants,
        nb_enfants, nombre_d_enfants, ninos, numero_de_ninos, menores, criancas, numero_de_criancas, n_criancas,
        bambini, numero_bambini, 儿童, 儿童数, 小孩, 儿童人数, 兒童, 兒童數, 小孩數
    """,
    "companions": """
        companions, companion, accompanying_guests, accompanying_guest, accompanying, other_guests, sharers, shares,
        sharing_with, additional_guests, mitreisende, begleitung, begleitpersonen, weitere_gaste, accompagnants,
        autres_clients, acompanantes, otros_huespedes, acompanhantes, outros_hospedes, accompagnatori, altri_ospiti,
        同行人, 随行人, 随行人员, 同住人, 同住客人, 同行客人, 同行人員, 隨行人
    """,
    "channel": """
        channel, distribution_channel, booking_channel, source_of_business, origin, source, booking_source,
        channel_name, kanal, buchungskanal, vertriebskanal, quelle, buchungsquelle, canal, canal_de_distribution,
        canal_de_vente, origine, canal_de_reserva, canal_de_venta, origen, canal_de_venda, origem,
        canal_de_distribuicao, canale, canale_di_vendita, canale_prenotazione, provenienza, 渠道, 预订渠道, 来源,
        客源, 订单来源, 预定渠道, 预订来源, 销售渠道, 通路, 訂房來源, 來源, 預訂渠道, 預訂來源, 訂單來源
    """,
    "market_segment": """
        market_segment, market, market_code, segment, marktsegment, marktcode, segment_de_marche, code_marche,
        segmento, segmento_de_mercado, mercado, segmento_di_mercato, mercato, 市场, 市场代码, 市场码, 细分市场,
        客源类别, 市場, 市場代碼, 市場區隔
    """,
    "company": """
        company, company_name, company_id, company_no, corporate, corporate_account, corporate_name, account_name,
        employer, organisation, organization, firma, firmenname, firmenkunde, unternehmen, betriebsname, arbeitgeber,
        societe, nom_de_societe, nom_societe, entreprise, nom_entreprise, raison_sociale, empresa, nombre_empresa,
        nombre_de_la_empresa, nome_da_empresa, nome_empresa, razon_social, compania, sociedad, firma_comercial,
        azienda, nome_azienda, societa, ragione_sociale, ditta, 公司, 公司名称, 单位, 单位名称, 协议单位, 协议公司,
        协议客户, 企业名称, 公司代码, 公司名稱, 單位, 單位名稱, 合約公司, 簽約公司
    """,
}
