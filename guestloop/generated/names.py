"""Common given and family names by language, for guests who do not exist.

Each list is neutral stock; what a person is called is drawn by seed, and no pair is meant to be anybody.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]


def _names(women: str, men: str, family: str) -> Names:
    return Names(tuple(women.split()), tuple(men.split()), tuple(family.split()))


BY_LANGUAGE: dict[str, Names] = {
    "pt": _names(
        "Ana Maria Inês Beatriz Catarina Sofia Joana Marta Conceição Luísa Teresa Mónica Patrícia Helena Graça Filipa",
        "João José António Luís Tomás Nuno Tiago Gonçalo Sebastião Rui Jorge Hélder Óscar André Vítor Simão",
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Jesus Sousa Fernandes Gonçalves Gomes Lopes "
        "Marques Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Vieira Monteiro Simões",
    ),
    "en": _names(
        "Alice Emma Grace Hannah Olivia Sophie Chloe Megan Fiona Siobhan Mary-Ann Ruth Rebecca Paula Nora Eileen",
        "Oliver Harry George Jack Thomas William James Daniel Sean Liam Conor Stuart Neil Graham Peter Alan",
        "Smith Jones Taylor Brown Wilson Evans Thomas Johnson Roberts Walker O'Brien O'Connor Murphy Kelly Byrne "
        "Ryan Wright Thompson Hughes Edwards Green Hall Lewis Harris Clarke Jackson McCarthy Baker Cooper Ward",
    ),
    "fr": _names(
        "Camille Léa Manon Chloé Élodie Aurélie Céline Hélène Anne-Marie Sylvie Brigitte Noémie Inès Margaux",
        "Louis Gabriel Hugo Jean-Luc Étienne François Rémi Benoît Jérôme Mathieu Cédric Loïc Pierre Antoine",
        "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Lefèvre Mercier Dupont Lambert "
        "Fontaine Rousseau Chevalier Garnier Faure Girard Bonnet Perrin Clément Gauthier D’Amboise Lévêque",
    ),
    "de": _names(
        "Anna Lena Katharina Jürgen-Marie Birgit Käthe Sabine Heike Ulrike Grete Monika Jutta Silke Petra",
        "Lukas Jonas Felix Jürgen Günther Björn Stefan Matthias Wolfgang Dieter Klaus Uwe Jörg Sören",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter "
        "Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Köhler",
    ),
    "es": _names(
        "Lucía Martina Paula Carmen Pilar Dolores Inmaculada Rocío Begoña Nuria Mercedes Beatriz Marta Isabel",
        "Hugo Pablo Álvaro Adrián Javier Iñigo Ángel Jesús Andrés Ramón Rubén Joaquín Manuel Sergio",
        "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Hernández Díaz "
        "Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Núñez",
    ),
    "it": _names(
        "Giulia Chiara Francesca Elena Martina Valentina Paola Silvia Niccolina Lucia Serena Ilaria",
        "Marco Luca Andrea Matteo Lorenzo Niccolò Alessandro Davide Simone Paolo Stefano Giorgio",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca "
        "Costa Giordano Mancini Rizzo Lombardi Moretti D’Angelo Barbieri",
    ),
    "nl": _names(
        "Emma Sanne Lotte Femke Anouk Marijke Ingrid Els Saskia Wilma",
        "Daan Bram Sem Jeroen Pieter Maarten Joost Ruben Wouter Koen",
        "De_Jong Jansen De_Vries Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Van_Dijk",
    ),
    "sv": _names(
        "Åsa Märta Elin Maja Kerstin Ingrid Linnéa",
        "Björn Göran Håkan Lars Nils Östen Erik",
        "Andersson Johansson Karlsson Nilsson Eriksson Sjöberg Lindström Åkesson Bergström Öberg",
    ),
    "pl": _names(
        "Małgorzata Agnieszka Elżbieta Zofia Łucja Katarzyna",
        "Łukasz Michał Paweł Tomasz Krzysztof Wojciech",
        "Nowak Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Jabłoński Dąbrowski",
    ),
    "zh": _names(
        "Fang Xiuying Na Min Jing Lili Yan Xia Juan Yun 芳 娜 敏 静 丽丽 秀英",
        "Wei Qiang Lei Jun Yong Jie Tao Ming Chao Gang 伟 强 磊 军 勇 建国",
        "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Ma Zhu Hu 王 李 张 刘 陈 杨 赵 黄 周 吴",
    ),
    "ru": _names(
        "Анна Мария Елена Ольга Наталья Татьяна",
        "Иван Алексей Дмитрий Сергей Андрей Павел",
        "Иванова Смирнова Кузнецова Соколова Лебедева Морозова Новикова Волкова",
    ),
    "ja": _names("Yuki Haruka Sakura Aiko", "Takumi Kenji Hiroshi Daiki", "Sato Suzuki Takahashi Tanaka Ito Yamamoto"),
}

# Country (alpha-3, as the export writes it), language and how many of a hundred guests.
HOMES: tuple[tuple[str, str, int], ...] = (
    ("PRT", "pt", 33),
    ("GBR", "en", 12),
    ("FRA", "fr", 9),
    ("ESP", "es", 8),
    ("DEU", "de", 8),
    ("ITA", "it", 4),
    ("IRL", "en", 4),
    ("BRA", "pt", 3),
    ("USA", "en", 4),
    ("NLD", "nl", 2),
    ("BEL", "fr", 1),
    ("CHE", "de", 1),
    ("AUT", "de", 1),
    ("CAN", "en", 1),
    ("AUS", "en", 1),
    ("SWE", "sv", 1),
    ("POL", "pl", 1),
    ("CHN", "zh", 2),
    ("RUS", "ru", 1),
    ("JPN", "ja", 1),
    ("MEX", "es", 1),
    ("CN", "en", 1),
)
RARE_HOMES: tuple[tuple[str, str], ...] = (
    ("TMP", "pt"),
    ("", "en"),
    ("NULL", "pt"),
    ("AGO", "pt"),
    ("IND", "en"),
    ("NPL", "en"),
    ("NZL", "en"),
    ("ARG", "es"),
    ("UKR", "ru"),
    ("KAZ", "ru"),
    ("IDN", "en"),
)
