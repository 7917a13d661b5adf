"""Who the guest is."""

PERSON = {
    "title": """
        title, salutation, name_prefix, prefix, anrede, titel, civilite, titre, tratamiento, titulo, tratamento,
        titolo, 称谓, 称呼, 尊称, 稱謂, 稱呼
    """,
    "given_name": """
        first_name, given_name, firstname, guest_first_name, forename, given_names, first_names, fname,
        christian_name, vorname, vornamen, prenom, prenoms, prenom_client, nombre_de_pila, nombres, primer_nombre,
        primeiro_nome, nome_proprio, nomes_proprios, nome_di_battesimo, primo_nome, 名, 名字
    """,
    "family_name": """
        last_name, family_name, lastname, surname, guest_last_name, lname, second_name, nachname, familienname,
        zuname, nom_de_famille, nom_client, apellido, apellidos, primer_apellido, apelido, apelidos, sobrenome,
        ultimo_nome, nome_de_familia, cognome, 姓, 姓氏
    """,
    "full_name": """
        guest_name, full_name, fullname, guest, customer_name, customer, primary_guest, guest_full_name, main_guest,
        client, client_name, name_of_guest, traveller, traveler, lead_guest, gast, gastname, name_des_gastes,
        gaste_name, hauptgast, kunde, kundenname, vollstandiger_name, vor_und_nachname, nom_complet, nom_et_prenom,
        nom_prenom, nom_du_client, nom_de_l_hote, client_principal, nombre_completo, nombre_del_huesped, huesped,
        nombre_y_apellidos, nombre_cliente, cliente, titular, nome_completo, nome_do_hospede, hospede, nome_hospede,
        nome_do_cliente, nome_e_apelido, nome_cliente, nome_e_cognome, nominativo, ospite, nome_ospite,
        nome_dell_ospite, cognome_e_nome, intestatario, 姓名, 客人姓名, 宾客姓名, 客人, 住客姓名, 入住人, 客人名称,
        客户姓名, 宾客, 住客, 入住人姓名, 客户名称, 賓客姓名, 旅客姓名, 客人名稱, 客戶姓名, 賓客, 旅客
    """,
    "birth_date": """
        birth_date, date_of_birth, birthdate, birthday, dob, born, born_on, geburtsdatum, geburtstag, geboren_am,
        geb_datum, geboren, date_de_naissance, date_naissance, naissance, ne_le, fecha_de_nacimiento,
        fecha_nacimiento, nacimiento, cumpleanos, data_de_nascimento, data_nascimento, nascimento, aniversario,
        data_di_nascita, data_nascita, nascita, compleanno, 生日, 出生日期, 出生年月, 生日日期, 出生年月日
    """,
    "language": """
        language, preferred_language, language_code, lang, sprache, korrespondenzsprache, gastsprache, langue,
        langue_preferee, idioma, idioma_preferido, lingua, lingua_preferita, lingua_preferida, 语言, 语种, 首选语言,
        語言, 語種
    """,
    "country": """
        country, country_code, nationality, country_of_residence, land, landercode, nationalitat,
        staatsangehorigkeit, herkunftsland, wohnsitzland, pays, nationalite, pays_de_residence, code_pays, pais,
        nacionalidad, pais_de_residencia, codigo_pais, nacionalidade, pais_de_origem, paese, nazionalita, nazione,
        stato_di_residenza, 国籍, 国家, 国家地区, 国别, 國籍, 國家, 國別
    """,
    "tier": """
        loyalty_tier, tier, membership_level, loyalty_level, vip, vip_status, vip_code, member_level,
        loyalty_status, treuestufe, mitgliedsstufe, vip_code_gast, niveau_de_fidelite, statut_vip, niveau_fidelite,
        nivel_de_fidelidad, nivel, nivel_de_fidelidade, nivel_vip, livello_fedelta, livello, livello_vip, 会员等级,
        会员级别, 会员卡类型, 贵宾等级, 會員等級, 會員級別, 貴賓等級
    """,
}

BARE_NAMES = ("name", "names", "nom", "nome", "nomes", "nombre")
"""The family or the given name, whichever has no column of its own while the other has; else the whole name."""
