"""How a guest is reached, and what they agreed to."""

CONTACT = {
    "email": """
        email, e_mail, email_address, guest_email, mail, e_mail_address, mail_address, contact_email, primary_email,
        emailadresse, e_mail_adresse, mailadresse, adresse_e_mail, adresse_mail, courriel, adresse_email,
        email_client, correo, correo_electronico, direccion_de_correo, email_cliente, mail_cliente,
        correio_eletronico, endereco_de_email, endereco_de_e_mail, email_do_hospede, indirizzo_email,
        indirizzo_e_mail, posta_elettronica, 邮箱, 电子邮箱, 电子邮件, 邮件, 邮箱地址, 郵箱, 電子郵箱, 電子郵件,
        電郵, 電子信箱
    """,
    "phone": """
        phone, phone_number, mobile, mobile_phone, telephone, cell_phone, guest_phone, mobile_number, cell, tel,
        phone_no, mobile_no, contact_number, telephone_number, guest_mobile, telefon, telefonnummer, handy,
        handynummer, mobil, mobilnummer, mobiltelefon, rufnummer, numero_de_telephone, tel_portable, portable,
        mobile_client, telephone_mobile, telephone_portable, telefono, telefono_movil, movil, numero_de_telefono,
        celular, telemovel, telefone, numero_de_telefone, contacto, cellulare, numero_di_telefono,
        telefono_cellulare, recapito_telefonico, 手机, 手机号, 手机号码, 电话, 联系电话, 电话号码, 移动电话,
        客人手机, 手機, 手機號, 手機號碼, 電話, 聯絡電話, 電話號碼, 行動電話
    """,
    "email_consent": """
        marketing_email, email_consent, email_opt_in, newsletter, optin_email, opt_in_email, email_marketing,
        newsletter_opt_in, marketing_consent, marketing_opt_in, e_mail_werbung, werbung_e_mail, einwilligung_e_mail,
        newsletter_einwilligung, werbeeinwilligung, consentement_email, consentement_e_mail, accord_email,
        consentimiento_email, acepta_email, acepta_newsletter, consentimento_email, aceita_email, aceita_newsletter,
        consenso_email, consenso_newsletter, consenso_marketing, 邮件营销, 同意邮件, 邮件订阅, 接受邮件, 電郵行銷,
        同意郵件, 郵件訂閱
    """,
    "sms_consent": """
        marketing_sms, sms_consent, sms_opt_in, optin_sms, opt_in_sms, sms_marketing, sms_werbung, werbung_sms,
        einwilligung_sms, consentement_sms, accord_sms, consentimiento_sms, acepta_sms, consentimento_sms,
        aceita_sms, consenso_sms, 短信营销, 同意短信, 短信订阅, 接受短信, 簡訊行銷, 同意簡訊, 簡訊訂閱
    """,
    "tags": """
        tags, tag, labels, guest_tags, keywords, schlagworte, schlagworter, stichworte, etiketten, etiquettes,
        etiquetas, etichette, 标签, 客人标签, 標籤
    """,
    "wishes": """
        preferences, preference, guest_preferences, wishes, wunsche, gastewunsche, vorlieben, praferenzen,
        preferences_client, souhaits, preferencias, preferencias_del_huesped, preferenze, 偏好, 客人偏好, 喜好, 客史喜好
    """,
    "signed_on": """
        signed_on, signed_up_on, sign_up_date, signup_date, subscribed_on, subscription_date, opt_in_date, optin_date,
        opt_in_time, optin_time, confirm_time, consent_date, date_subscribed, anmeldedatum, angemeldet_am,
        einwilligung_am, date_d_inscription, date_inscription, fecha_de_alta, fecha_de_suscripcion, data_de_inscricao,
        data_di_iscrizione, 订阅日期, 订阅时间, 訂閱日期
    """,
}
