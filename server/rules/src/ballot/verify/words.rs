//! What a failed check means, in one sentence each, Chinese and English.

use super::Check;

pub(super) const fn of(check: Check) -> [&'static str; 2] {
    match check {
        Check::ManifestHash => {
            ["规则清单与记录中的摘要不符。", "The manifest is not the one whose hash the record tells."]
        }
        Check::Keys => [
            "密钥不是每个测评对象和票种各有一把且互不相同，或票箱密钥无效。",
            "The keys are not one distinct valid key for each contest and group, or the box key is bad.",
        ],
        Check::Form => [
            "这个文件不是评议记录，或其中有未知、缺少、写法不对的内容。",
            "The file is no record, or something in it is unknown, missing or spelled in another way.",
        ],
        Check::Tokens => [
            "有一张票的印章不是为它盖的：票被移到别处，或是伪造的。",
            "A ballot's token was not signed for it: the ballot was moved, or forged.",
        ],
        Check::SpentOnce => ["同一张票被计了两次。", "One token was spent twice."],
        Check::Signatures => ["有一张票投出后被改动过。", "A ballot was changed after it was cast."],
        Check::Answers => ["有一张票填写了规则之外的内容。", "A ballot's answer is not one that the manifest allows."],
        Check::Order => ["票没有按摘要升序排列。", "The ballots do not stand in ascending order of their leaves."],
        Check::Root => [
            "票的总摘要与记录中的不符：有票被增加或去掉。",
            "The root is not that of the ballots: some were added or left out.",
        ],
        Check::Papers => [
            "票数多于发出数，或发出数多于应到人数与补发数之和。",
            "There are more ballots than papers issued, or more papers than voters entitled.",
        ],
        Check::Histograms => ["各等次票数与票不符。", "The histograms are not those of the ballots."],
        Check::Scores => {
            ["得分、位次或建议等次与票数不符。", "A score, rank or suggested grade does not follow from the counts."]
        }
        Check::RecordSignature => ["记录没有票箱的有效签名。", "The record does not carry the box's signature."],
        Check::SmallGroups => [
            "人数太少的票种没有按规则隐藏，或隐藏了不该隐藏的数字。",
            "A group that is too small is shown, or figures are hidden that should be shown.",
        ],
        Check::OneCount => [
            "公开记录与完整记录不是同一次计票的结果。",
            "The public record is not the one that follows from the whole one.",
        ],
        Check::Proof => [
            "凭证中的票不在记录里，或凭证不属于这一轮、回执无效。",
            "A ballot of the proof is not in the record, or the proof is of another round or without a good receipt.",
        ],
    }
}
