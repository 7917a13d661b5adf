"""Which letters stand beside which: the alphabets of languages, and what names and hotels' files are written with."""

from __future__ import annotations

WESTERN = (
    "àâæçèéêëîïôœùûüÿ",  # French
    "äöüß",  # German
    "áéíñóúüªº",  # Spanish
    "àáâãçéêíóôõúüªº",  # Portuguese
    "àèéìíòóùúîªº",  # Italian
    "àçèéíïòóúü",  # Catalan
    "æøåéöäü",  # Danish, Norwegian
    "åäöé",  # Swedish, Finnish
    "áéíóúýðþæö",  # Icelandic
    "éëïóöüè",  # Dutch
)
CENTRAL = (
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîşţșț",  # Romanian
    "čćđšž",  # Croatian, Slovene
    "äöüß",  # German
)
TURKISH = ("çğıöşüâîû", "äöüß")

WESTERN_VOWELS = "aeiouyàâæáãäåèéêëìíîïòóôõöøœùúûüÿýª"
CENTRAL_VOWELS = "aeiouyąáăâäęéěëíîóöôőúüůűý"
TURKISH_VOWELS = "aeiouyıöüâîûáéíóú"

WESTERN_ODD = (
    r"ñ(?![aeiouáéíóúü])|ã(?![oe]|n?s?$|n)|õ(?!e|s?$)|[eéèêë]è|[aeiou]è(?=[aeiou])|^è|[ªº](?=\w)"
    r"|[ðþý].*[cqwzç]|[cqwzç].*[ðþý]|^ð|(?<=\w)þ|yý|ý.*ý|ý[mnkp]"
)
"""Where a letter does not stand in its languages: it is rather another encoding's. Words are in small letters."""
CENTRAL_ODD = (
    r"ă[aeou]|ń[aeiouóąę]|ő[aeiou]|ę[aou]|(?<![aeiouyáéíóúůý])ř(?![aeiouyáéěíóúůýk])|ů[aeiou]"
    r"|č(n|r|s|l|t|v|vr|m|g|d|qu|ch|gu)es?$|(?<![bcdfghjklmnpqrstvwxz])ĺ|ĺ(?![bcdfghjklmnpqrstvwxz])"
)
TURKISH_ODD = r"^ğ"

CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
CYRILLIC_OF_OTHERS = "іїєґўјљњћђџ"
CYRILLIC_VOWELS = "аеёиоуыэюяіїєј"

GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
GREEK_STRESSED = "άέήίόύώΐΰ"

SIMPLIFIED = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范"
    "汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤欧阳诸葛司徒上官"
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰文华玲辉红梅燕玉建国春荣志新海波鹏飞宇浩然子轩涵欣怡佳雨晨思琪梦婷雪慧"
    "莹颖晓小美云凤洁丹萍鑫俊峰斌亮凯健博宏成东民生永清森酒店房间标准大床双人单早餐入住离预订确认取消已未是否男女先士北京"
    "上海广州深圳中国省市区路号日期年月手机电话姓名状态客源渠道金额总价备注"
)
TRADITIONAL = frozenset(
    "王李張劉陳楊黃趙吳周徐孫馬朱胡郭何林高羅鄭梁謝宋唐許韓鄧馮曹彭曾蕭田董潘袁蔡蔣余于杜葉程魏蘇呂丁任盧姚沈鍾姜崔譚陸范"
    "汪廖石金韋賈夏方鄒熊白孟秦邱侯江尹薛閻段雷龍黎史陶賀毛郝顧龔邵萬武錢戴嚴莫孔向常湯歐陽諸葛司徒上官"
    "偉芳娜秀英敏靜麗強磊軍洋勇艷傑娟濤明超霞平剛桂蘭文華玲輝紅梅燕玉建國春榮志新海波鵬飛宇浩然子軒涵欣怡佳雨晨思琪夢婷雪慧"
    "瑩穎曉小美雲鳳潔丹萍俊峰亮健宏成東民生永清森淑惠雅君宗翰家豪承恩冠廷宜飯酒店房間標準大雙人單早餐入住離預訂確認取消已未"
    "是否男女先士姐台北香港中國縣市區路號日期年月手機電話姓名狀態金額總價備註"
)
JAPANESE = frozenset(
    "佐藤鈴木高橋田中伊渡辺山本村小林加吉斎松井上清水森池阿部石川前後岡長谷近坂遠青西福太三和竹金原野子美香恵郎一二健誠大輔"
    "翔真由紀幸智裕直哉介也菜々結衣愛優斗陽平雄男夫様東京都府県市区町番号日年月泊宿予約客室氏名"
)
KOREAN = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지나현수영은희경미선준호석철상태동재혜숙"
    "순자연아라원훈빈예도윤시환규용기인광병일종호텔예약객실이름번호"
)
