"""What a reservation is called, and what became of it."""

RESERVATION = {
    "reservation": """
        reservation_no, reservation, reservation_number, reservation_id, booking_no, booking_number, booking_id,
        booking, confirmation_number, confirmation_no, conf_no, res_no, resv_no, confirmation, booking_reference,
        booking_ref, res_id, reservierungsnr, reservationsnummer, reservations_nr, reservationsnr, buchungsnr, res_nr,
        resnr, bestatigungsnr, bestatigungs_nr, vorgangsnummer, num_reservation, numero_resa, no_resa, n_resa, resa,
        no_de_reserva, no_da_reserva, num_reserva, num_prenotazione, rif_prenotazione, no_prenotazione,
        reservierungsnummer, reservierung, reservierungs_nr, buchungsnummer, buchungs_nr, buchung,
        bestatigungsnummer, numero_de_reservation, no_reservation, n_reservation, numero_reservation,
        ref_reservation, n_de_reservation, numero_de_reserva, n_reserva, no_reserva, reserva, localizador,
        codigo_de_reserva, id_reserva, n_de_reserva, numero_da_reserva, numero_reserva, codigo_da_reserva,
        numero_prenotazione, prenotazione, codice_prenotazione, n_prenotazione, id_prenotazione, 预订号, 预定号,
        订单号, 订单编号, 确认号, 预订单号, 预订编号, 预定编号, 单号, 账号, 帐号, 登记号, 主单号, 宾客账号, 預訂號,
        訂單號, 訂單編號, 訂房號, 訂房編號, 確認號, 預約號, 訂位代號
    """,
    "property": """
        property, property_code, property_id, hotel, hotel_code, hotel_id, resort, property_name, hotel_name,
        hotelcode, haus, hotelname, betrieb, objekt, etablissement, code_hotel, code_etablissement, codigo_hotel,
        codigo_de_hotel, establecimiento, propriedade, codigo_do_hotel, unidade, empreendimento, struttura,
        codice_hotel, codice_struttura, albergo, 酒店, 酒店代码, 酒店编号, 酒店编码, 酒店名称, 分店, 门店,
        集团酒店代码, 飯店, 飯店代碼, 酒店代碼, 酒店編號, 酒店名稱, 旅館
    """,
    "status": """
        status, reservation_status, res_status, booking_status, state, resv_status, stay_status, reservierungsstatus,
        buchungsstatus, statut, etat, statut_reservation, statut_de_la_reservation, etat_reservation, estado,
        estado_reserva, estado_de_la_reserva, estado_de_reserva, situacion, situacao, estado_da_reserva, stato,
        stato_prenotazione, 状态, 预订状态, 预定状态, 订单状态, 宾客状态, 当前状态, 狀態, 預訂狀態, 訂單狀態,
        訂房狀態
    """,
    "status_date": """
        status_date, reservation_status_date, last_status_date, statusdatum, datum_status, date_statut,
        date_du_statut, fecha_estado, fecha_de_estado, data_estado, data_do_estado, data_status, data_stato,
        状态日期, 状态时间, 变更日期, 狀態日期, 狀態時間, 變更日期
    """,
    "booked_on": """
        booked_on, booking_date, created, created_on, created_at, date_created, reservation_date, insert_date,
        booked_at, booked, create_date, creation_date, date_booked, reserved_on, date_of_booking, buchungsdatum,
        gebucht_am, buchungstag, erstellt_am, reservierungsdatum, angelegt_am, erstellt, date_de_reservation,
        date_reservation, date_de_creation, date_creation, reserve_le, cree_le, fecha_de_reserva, fecha_reserva,
        fecha_de_creacion, fecha_creacion, creado_el, data_da_reserva, data_de_reserva, data_reserva,
        data_de_criacao, criado_em, data_criacao, data_prenotazione, data_di_prenotazione, prenotato_il,
        data_creazione, creato_il, 预订日期, 预定日期, 下单日期, 下单时间, 预订时间, 预定时间, 创建日期, 创建时间,
        建单日期, 生成日期, 录入日期, 預訂日期, 訂房日期, 下單日期, 下單時間, 預訂時間, 建立日期, 建立時間
    """,
}
