"""How a guest is reached, and what they agreed to."""

from shared.contact_points.headings import EMAIL, PHONE

CONTACT = {
    "email": EMAIL,
    "phone": PHONE,
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
    # «WhatsApp» is read as two words where it is written so
    "whatsapp_consent": """
        marketing_whatsapp, whatsapp_consent, whatsapp_opt_in, optin_whatsapp, opt_in_whatsapp,
        whatsapp_marketing, whatsapp_werbung, werbung_whatsapp, einwilligung_whatsapp,
        consentement_whatsapp, accord_whatsapp, consentimiento_whatsapp, acepta_whatsapp,
        consentimento_whatsapp, aceita_whatsapp, consenso_whatsapp, whatsapp营销, 同意whatsapp, 接受whatsapp,
        whatsapp訂閱, marketing_whats_app, whats_app_consent, whats_app_opt_in, optin_whats_app,
        opt_in_whats_app, whats_app_marketing, whats_app_werbung, werbung_whats_app, einwilligung_whats_app,
        consentement_whats_app, accord_whats_app, consentimiento_whats_app, acepta_whats_app,
        consentimento_whats_app, aceita_whats_app, consenso_whats_app, whats_app营销, 同意whats_app,
        接受whats_app, whats_app訂閱
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
