"""The few words that the core itself writes into registers, in the registers' own language.

A task of a diagram is named by its label there, in Chinese, and so is one that no diagram draws;
pages show either in the reader's language by its element.
"""

# How Chinese registers hide a given name: 李某, 欧阳某某.
HIDDEN = "某"
APPROVE_RECEIPT_DATE = "核准更正收件日期"
FIRST_RECORDED = "初次记录"
MIGRATED = "存量案件迁移"
SUBJECT_KIND_NAMES = {
    "政府机构": "government_body",
    "政府部门": "government_body",
    "事业单位": "public_institution",
    "公务员": "civil_servant",
    "企业": "enterprise",
    "经营主体": "enterprise",
    "社会组织": "social_organisation",
    "自然人": "natural_person",
}
TIER_NAMES = {"轻微": "minor", "一般": "general", "严重": "serious"}
TENURE_ROLE_NAMES = {"第一责任人": "first", "分管负责人": "lead", "经办人": "handler"}
