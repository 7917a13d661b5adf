"""By which headings columns of addresses and of numbers are known, written as `normalised` leaves them.

English, German, French, Spanish, Portuguese, Italian and Chinese; the one named first goes before the others.
"""

from __future__ import annotations

EMAIL = """
    email, e_mail, email_address, guest_email, mail, e_mail_address, mail_address, contact_email, primary_email,
    emailadresse, e_mail_adresse, mailadresse, adresse_e_mail, adresse_mail, courriel, adresse_email,
    email_client, correo, correo_electronico, direccion_de_correo, email_cliente, mail_cliente,
    correio_eletronico, endereco_de_email, endereco_de_e_mail, email_do_hospede, indirizzo_email,
    indirizzo_e_mail, posta_elettronica, 邮箱, 电子邮箱, 电子邮件, 邮件, 邮箱地址, 郵箱, 電子郵箱, 電子郵件,
    電郵, 電子信箱
"""
PHONE = """
    phone, phone_number, mobile, mobile_phone, telephone, cell_phone, guest_phone, mobile_number, cell, tel,
    phone_no, mobile_no, contact_number, telephone_number, guest_mobile, telefon, telefonnummer, handy,
    handynummer, mobil, mobilnummer, mobiltelefon, rufnummer, numero_de_telephone, tel_portable, portable,
    mobile_client, telephone_mobile, telephone_portable, telefono, telefono_movil, movil, numero_de_telefono,
    celular, telemovel, telefone, numero_de_telefone, contacto, cellulare, numero_di_telefono,
    telefono_cellulare, recapito_telefonico, 手机, 手机号, 手机号码, 电话, 联系电话, 电话号码, 移动电话,
    客人手机, 手機, 手機號, 手機號碼, 電話, 聯絡電話, 電話號碼, 行動電話
"""
