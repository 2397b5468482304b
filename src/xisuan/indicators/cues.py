"""Small words that say what a figure does: it grows, is a share, a rank, an aim, a part, a change."""

from __future__ import annotations

import re

FALLS = re.compile(
    r"下降|降低|减少|下滑|回落|下跌|跌|负增长|萎缩|缩减|收窄|\b(?:fell|falls?|falling|declin\w*|drop\w*|decreas\w*|down|lower|shrank|shrink\w*"
    r"|contract(?:ed|ing|ion)|slump\w*|reduc\w*|slid|sank|plung\w*|minus|less)\b"
)
GROWS = re.compile(
    r"增长|增速|增幅|增加|上升|提升|提高|上涨|扩大|涨|同比|环比|增|升|"
    r"\b(?:grew|grow\w*|increas\w*|rise[sn]?|rising|rose|up|surg\w*|jump\w*|expan\w*|soar\w*|climb\w*|gain\w*|higher|year-on-year|year-over-year|yoy|y-o-y"
    r"|accelerat\w*|hik\w*|edg\w*|advanc\w*|swell\w*|leap\w*|leapt|skyrocket\w*|boost\w*|faster|(?:more|fewer)\s+than\s+(?:a\s+year|the\s+same)|annually|a\s+year\s+on\s+average)\b|"
    + FALLS.pattern
)
SHARES = re.compile(
    r"占|比重|份额|比例|\b(?:contribut\w*|equivalent\s+to|equal\s+to|equal(?:s|ed|ing)|account\w*\s+for|mak(?:es?|ing)\s+up|made\s+up|represent\w*|compris\w*|constitut\w*|share|proportion|took\s+up|tak\w+\s+up"
    r"|percentage|ratio)\b"
)
WHOLE_AFTER = re.compile(
    r"\s*of\s+(?:the\s+|its\s+|all\s+|their\s+)?(?:total|gdp|province|provincial|nation|national|overall|whole|country|city|gross|entire|local|regional|mobile|region)"
)
PROGRESS = re.compile(
    r"(?:完成|占|达到?|实现)[^,，。]{0,14}(?:计划|目标|任务|预算)[^,，。]{0,5}$|进度[^,，。]{0,4}$"
    r"|of\s+(?:the\s+|its\s+)?(?:annual|yearly|full-year|whole-year|year's|quarterly)\s+(?:plan|target|goal)"
)
PROGRESS_AFTER = re.compile(r"\s*of\s+(?:the\s+|its\s+|this\s+)?(?:annual|yearly|full-year|year's|quarterly|planned)\b")
PREVIOUS = re.compile(r"环比|较上月|比上月|month-on-month|quarter-on-quarter|from\s+the\s+previous\s+(?:month|quarter)")
YEARLY = re.compile(
    r"年均|年平均|annual(?:ly)?\s+average|average\s+annual|annual\s+growth\s+rate|a\s+year\s+on\s+average|compound"
)
CHANGE = re.compile(
    r"(?:净增加?|增加了?|减少了?|增长了?|多|新增加|提高了?|下降了?)\s*(?:约|近|超过?)?$|"
    r"\b(?:(?:net\s+)?(?:increases?|additions?|gain|rise|growth|decline|drop)\s+of|(?:increased|rose|grew|up|fell|declined|dropped|decreased|down)\s+(?:by\s+)?(?:about\s+|nearly\s+|over\s+|more\s+than\s+)?"
    r"|adding|added|an?\s+additional|another)\s*$"
)
NEW = re.compile(r"新增|新建|新开通|净增|新建成|\b(?:new|newly|added?|adding|additional|additions?|another|more)\b")
FROM = re.compile(r"(?:从|由)[^,，。]{0,14}$|\bfrom\s*(?:about\s+|only\s+|just\s+|less\s+than\s+)?$")
TIMES_OF = re.compile(
    r"(?:是|为|相当于|达到?)[^,，。]{0,12}的\s*$|\btimes\s+(?:that|those|the\s+(?:level|figure|number|amount))\b|\btimes\s+as\b"
)
AIMS = re.compile(
    r"力争|争取|年内(?!已)|推[动进][^,，。]{0,18}(?:建成|实现)|目标|计划(?!单列)|规划(?!\w{0,3}(?:期间|时期))|确保|拟|努力|要达到|将(?!近|上年|去年)|打造|"
    r"\b(?:aim\w*|targets?|targeted|targeting|plan(?:s|ned|ning)?\b(?!\s+period)|will|goals?|striv\w*|shall|seek\w*|hopes?|objective|pledg\w*|intend\w*|vow\w*|is\s+to|are\s+to|set\s+to|to\s+be\s+(?:built|invested|added)|slated|would)\b"
)
MET = re.compile(
    r"(?:完成|超额|实现)[^,，。]{0,6}(?:计划|目标|任务)|提前[^,，。]{0,8}目标|目标任务|five[\s-]year\s+plan|ahead\s+of\s+(?:the\s+)?(?:target|plan|schedule)"
)
EXPECTS = re.compile(
    r"预计|有望|预期(?!目标)|预测|估计|\b(?:expect\w*|project(?:ed|ion|ions)|forecast\w*|anticipat\w*|predict\w*|estimated\s+to|likely|on\s+track\s+to|on\s+course\s+to)\b"
)
FIRST_FIGURES = re.compile(r"初步核算|初步统计|初步测算|快报|preliminary|flash\s+(?:data|estimate)")
PART = re.compile(
    r"其中|\b(?:of\s+(?:which|this|that|these|the\s+total)|this\s+includ\w*|includ\w*|among\s+(?:them|which|this)|comprising|consisting|made\s+up\s+of|it\s+includ\w*|they\s+includ\w*)\b"
)
RANK = re.compile(
    r"(?:居|列|位居|位列|排名?|排在|位次|稳居|名列|增速|跃居|升至|继续|保持|排位|首)?\s*(?:全国|西部|全省|西南|中西部|国内|各省\w{0,4})?\s*(?:第(?P<zh>[一二三四五六七八九十]+|\d{1,2})(?:位|名|(?=[,，。;；]|$))|(?P<top>首位|榜首))"
    r"|\b(?:rank(?:ed|ing|s)?|plac(?:ed|ing)|com(?:es|ing)|came|stood|standing|sits|second\s+to\s+none)\s+(?:it\s+)?(?:as\s+|at\s+|in\s+)?(?:the\s+)?(?:no\.?\s?(?P<no>\d{1,2})|(?P<nth>\d{1,2})(?:st|nd|rd|th)|(?P<word>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth))"
    r"(?!\s+(?:quarter|half|month|two|three|four))"
    r"|\bthe\s+(?P<word2>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)[\s-](?:highest|fastest|largest|biggest)"
    r"|\bthe\s+(?:highest|fastest|largest|top|most)\s+(?:(?:growth|rate)\s+){0,2}(?P<best>(?:nationwide|nationally|(?:in|among|of)\s+(?:the\s+)?(?:country|nation|china|all\s+provinces|provinces)))"
    r"|(?P<top2>领跑|(?:增速|增幅)领先)全国(?!平均)|\b(?P<tops>topp?(?:ing|ed|s)\s+(?:all\s+(?:other\s+)?provinces|the\s+(?:country|nation|national\s+(?:list|ranking))))|\b(?P<first>first|no\.?\s?1)\s+(?:in\s+(?:the\s+)?(?:country|nation|china)|nationwide|nationally|among)"
)
MULTIPLIED = re.compile(
    r"(?:(?P<twice>翻(?:了)?一番|翻番(?!.{0,4}年)|\bdoubl(?:ed|ing)\b)|\btripl(?:ed|ing)\b)(?!\s+(?:in|over|within|from)\s+(?:\w+\s+)?(?:years|\d))"
)
ORDINALS = {
    word: at + 1
    for at, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    )
}
PRICE_BASE = re.compile(
    r"按?(?:照)?(?P<y>(?:19|20)\d\d)年?(?:不变|可比)价(?:格)?(?:计算)?|(?:calculated\s+|measured\s+|based\s+)?(?:at|in|on)\s+(?:the\s+)?(?:(?:last|previous)\s+year's\s+constant\s+prices?|constant\s+prices?\s+of\s+(?:the\s+)?(?:previous|last)\s+year|previous[\s-]year\s+(?:constant\s+)?prices)|(?:at|in)\s+(?:constant\s+)?(?P<y2>(?:19|20)\d\d)\s+(?:constant\s+)?prices|按?(?:照)?可比口径(?:计算)?|按(?:照)?(?:上年|上一年|可比|不变)(?:不变|可比)?价格?(?:计算)?(?:的)?|[(]?上年不变价[)]?|[(]?(?P<y3>20\d\d)年不变价[)]?"
)
SCOPE = re.compile(r"规模以上|规上|限额以上|above[\s-](?:the\s+)?designated[\s-]size|全口径|纳统")
FILLER = re.compile(
    r"实际|季度|上半年|半年|合计|累计|总计|共计|总量|总额|总数|数量|规模|总规模|分别|实现|完成|达到?了?|达|为|是|约|近|超过?|突破|逾|其中|去年同期|上年同期|同期|共|已|已经|建成|开通|拥有|有|投资额|收入|营收|增至|升至|降至|增加到|增长到|提高到|数|到|至|了|的|在|中|和|与|及|"
    r"不低于|不少于|左右|以上|全省|全市|全州|全区|全县|我省|我市|省内|本|年|月|日|末|底|力争|目标|计划|预计|将|总|投入|实现营业|业务|金额|值|额|使用|发展|用户|户|接近|将近|能力|水平|市|省|州|区|提升至|提升到|扩大到|扩容至|带宽|具备|形成|累计建成|投入使用|部署|上线|建设|新|均|可|要|也|还|仅|就|又|等|项|个"
)
"""Words that may stand between an indicator and its figure without changing what is measured."""
UNKNOWN_SCOPE = re.compile(r"(?:其他|其它|其余)")
ABOVE_REGION = re.compile(
    r"(?:除|除了|高于|低于|快于|高出|超过|比|较|居|列|位居|位列|排|占|领先|领跑|稳居|名列|在|辐射|面向|服务|覆盖|成为|跃居|保持|继续|增速)\s*$|\b(?:than|ranking|ranked|ranks|first|highest|fastest|largest|above|below|serv\w+|outside|besides|excluding|apart\s+from|other\s+than|in\s+addition\s+to|except|excluding|beyond|across|among|tops?|lead\w*|to|with|from|second|third)\s+(?:in\s+|of\s+)?(?:the\s+)?$"
)
AFTER_REGION = re.compile(
    r"(?:'s)?\s*(?:第[一二三四五六七八九十\d]|平均|首位|领先|前列|各省|同行业|水平|增速|以?外|之外|首个|首批|唯一|重要|一体化|average|standards?\b|levels?\b|hubs?\b|program\w*|requirements?\b|daily|bureau|statistics|日报|晚报|先进|的比重|用户提供|比重|big\s+data\s+(?:expo|bureau)|first)"
)
LOCAL = re.compile(
    r"(?P<province>全省|我省|本省|省内|全区(?=[生规数软电信千固完累])|\b(?:the|this|our|entire|whole)\s+(?:[\w-]+\s+){0,2}?province(?:'s|-wide|wide)?\b|\bprovincial\b|\bprovince-?wide\b)|(?P<city>全市|我市|本市|市内|\bthe\s+city(?:'s)?\b|\bcitywide\b|\bmunicipal\b)|(?P<prefecture>全州|我州|\bthe\s+prefecture(?:'s)?\b)|(?P<area>(?<!自治)新区(?!域)|\bthe\s+new\s+area(?:'s)?\b)|(?P<cluster>(?<![\u4e00-\u9fff])集群|该集群|\bthe\s+cluster(?:'s)?\b)|(?P<nation>全国|我国)"
)
FILLER_EN = re.compile(
    r"\b(?:and|the|an?|of|in|to|by|for|with|its|it|was|were|is|are|be|reach\w*|hit|total\w*|stood|at|about|over|more|than|nearly|around|some|while|compared|from|up|"
    r"including|included|another|this|that|these|which|respectively|billion|million|yuan|had|has|have|will|exceed\w*|surpass\w*|approximately|worth|down|percent|"
    r"accounting|year|on|as|or|same|period|recorded|posted|registered|valued|amount\w*|came|rose|grew|increas\w*|both|also|last|first|but|generated|saw|booked|projected|generates?|industry|sector|forecast|estimated|likely|due|set|business|services?|earned|raked|took|achieved|realized|realised|reported|logged|pocketed|netted|brought|turned|out|collected|province|county|together|jointly|combined|expected|value|only|of)\b"
)
"""English words that may stand between an indicator and its figure without changing what is measured."""
DONE = re.compile(r"已|完成|实现了|\b(?:reached|achieved|hit|totaled|totalled|completed)\b")
DONE_CLAUSE = re.compile(
    r"[,，；;][^,，；;]{0,24}?(?:已|目前|累计完成|实现了)"
    r"|[,;]\s*(?:and\s+|while\s+)?(?:(?!\b(?:will|to|is|are)\b)[\w'-]+\s+){0,8}(?:reached|hit|totaled|totalled|amounted|stood|rose|grew)\b"
)
"""A clause that says that something was done, behind one that says what is aimed at."""
ADDED = re.compile(
    r"(?:新增|净增加?|增加|减少|净减少?)(?:了)?\s*$|\b(?:net\s+(?:increases?|additions?|gain)\s+(?:of|in)|increase\s+in|new|newly\s+added|additional)\s+(?:the\s+number\s+of\s+)?$"
)
"""What makes the figure of the indicator right behind it a change: 新增移动电话用户."""
MEASURED_OF = {"industry_output": "output", "industry_value_added": "value_added", "project_investment": "investment"}
"""Indicators that are a measure of an industry where one is named behind the figure: an industrial output of … in software."""
AFTER_COUNT = re.compile(
    r"a|an|the|by|in|at|as|up|down|from|and|or|of|to|with|on|for|during|while|total|altogether|units?|people|users?|persons|subscribers|households|homes|sets|pieces|residents|"
    r"more|new|newly|additional|compared|respectively|including|among|per|this|last|that|which|was|were|is|are|has|had|have|after|before|since|through|over|thanks|year-on-year|nationwide|"
    r"nationally|across|but|so|within|under|outside|inside|based|operating|around|about|nearly|level|mark|citywide|province-wide|provincewide|each|both|ranking|accounting|making|covering|reaching"
)
"""Words that may follow a count without naming what is counted."""
PLAN_AFTER = re.compile(
    r"的?(?:年度|全年|季度|半年)?(?:工作)?(?:目标|任务|计划)|\s+(?:annual\s+|yearly\s+)?(?:target|goal|plan)\b"
)
"""What makes the amount before it that of a plan: 超额完成170亿元年度目标."""
THE_REST = re.compile(
    r"(?:其他|其它|其余)[^，。；、]{0,4}(?:市|州|地区|省|区县|县)|\b(?:other|remaining)\s+(?:cities|prefectures|provinces|regions)\b"
)
"""Regions that are not named."""
EARNS = re.compile(
    r"\b(?:bring\w*\s+in|brought\s+in|earn\w*|generat\w*|rake\w*\s+in|took\s+in|take\w*\s+in|pull\w*\s+in|net(?:ted)?|pocket\w*)\b"
)
MAKES = re.compile(r"\b(?:produc\w*|turn\w*\s+out|manufactur(?:ed|e|ing))\b")
"""What firms do with money that is not said to be of anything: earn it, or make goods worth it."""
EXCLUDED = re.compile(r"(?:市|州|省)?(?:[（(][^（）()]{1,4}[)）])?(?:以外|之外|外的|除外)")
"""What stands behind regions that are left out: 贵阳、遵义以外的7个市州."""
BYSTANDERS = re.compile(
    r"前(?:\d{1,2}|[一二三四五六七八九十]+)(?:位|名|强)|(?<![\d.])(?:[三四3-4]|三大|四大)家?(?:基础)?(?:电信|通信)(?:运营)?(?:企业|商)|(?<![a-z0-9.])[2-6]g(?=[^\w/]|[\u4e00-\u9fff]|$)"
    r"|\b(?:three|four|3|4)\s+(?:\w+\s+)?(?:telecom\w*\s+)(?:giants|operators|carriers|companies|enterprises|firms)|\b(?:two|three|four|five|six|seven|eight|nine|ten)\s+(?:years|months|quarters|decades|sectors|industries|aspects)\b"
)
"""Numbers that are names or belong to what is not counted: 5G networks, 三家基础电信企业, five years."""
SHARED_HEAD = re.compile(r"(?P<first>[\u4e00-\u9fffA-Za-z0-9]{2,14})(?:、|和|与|及|以及)$")
"""What shares the last word of the indicator behind it: 云计算和大数据收入."""
AFTER_COUNT_ZH = re.compile(
    r"以[上内下]|左右|上下|之多|[和与及并且而但同环增减占较比居位排列其覆实分投纳达为是已均含包按接新还仍使每全共可预将在于较的中项次户]|规模|总数|标准机架"
)
"""What may follow a Chinese count without naming what is counted."""
SUBSET = re.compile(
    r"(?:(?<!规模)(?<!限额)以上的?|以下的?|速率的?|兆的?|[0-9]g的?|城镇|乡村|农村|男性|女性|其他|其它|其余|传统)\s*$"
)
"""What makes the indicator behind it a part of it that is not in the vocabulary."""
OF_GDP = re.compile(r"gdp|生产总值|经济")
SEVERAL_YEARS = re.compile(
    r"(?:过去|近|最近|连续)(?:[一二三四五六七八九十两\d]+)年|[一二三四五六七八九十两\d]+年(?:来|间)|\b(?:in|over|during|for)\s+the\s+(?:past|last)\s+(?:\w+)\s+years\b|\bconsecutive\s+years?\b"
)
"""Stretches of several years, of which a growth is no figure of one period."""
OF_THE_WORLD = re.compile(r"全球|世界|\b(?:global|world|worldwide)\b")
SAID_ON = re.compile(
    r"\b(?:said|announced|released|told|unveiled|published|reported|according\s+to)\b[^;]{0,140}?\bon\s+$"
)
"""Words behind which a day is that of a statement."""
THE_INDUSTRY = re.compile(r"\b(?:the|this)\s+(?:sector|industry|field)\b|全?行业|业内企业")
"""The industry that a bulletin is about, without its name."""
BY_REGION = re.compile(
    r"分地区|按地区|按市州|分市州|从市州|从地区|各地区|分区域|分省|区域发展|地区运行|\b(?:by|in\s+terms\s+of)\s+regions?\b|\bregionally\b"
)
"""What turns a bulletin from branches back to its main indicator, region by region."""
COMPASS = re.compile(
    r"东、中、西部(?:和|及|与|、)东北(?:地区|部)?|东、中、西部(?:地区)?|东部、中部、西部(?:和|及|与|、)东北(?:地区|部)?"
)
"""The parts of the country named in one breath."""
