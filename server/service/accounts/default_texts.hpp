#pragma once

#include <array>
#include <string_view>

/// What a new company begins with; its administrator changes it in the console.
namespace tw::service {

struct DefaultConsentText {
  std::string_view language;
  std::string_view text;
};
inline constexpr std::array<DefaultConsentText, 2> kDefaultConsentTexts{{
    {"zh-CN",
     "为核实您的身份和办理意愿，本次视频面签将全程录音录像，并由坐席拍摄您的照片。\n"
     "录音录像、照片、您的地理位置（经您许可）以及办理时间将加密保存，仅用于本次业务的审核、存证和争议处理，保存期限依"
     "照法律法规和业务约定。\n"
     "您可以拒绝；拒绝后本次面签将结束，您可以联系业务人员通过其他方式办理。\n"
     "点击“同意”表示您已阅读并同意上述内容。"},
    {"en",
     "To verify who you are and what you wish to sign, this video interview is recorded in sound and picture from "
     "beginning to end, and the "
     "agent takes photos of you.\n"
     "Recordings, photos, your location (if you allow it) and the time are stored encrypted and used only to review "
     "this business, as evidence "
     "and in case of a dispute, for as long as the law and your contract require.\n"
     "You may refuse. The interview then ends, and you can ask your contact for another way.\n"
     "By choosing \"I agree\" you confirm that you have read this and agree."},
}};

/// What a third party agrees to, until the administrator writes another text.
inline constexpr std::string_view kDefaultGuestVersion = "default-1";
inline constexpr std::array<DefaultConsentText, 2> kDefaultGuestConsentTexts{{
    {"zh-CN",
     "您受邀参加一次视频面签。本次会话将全程录音录像，您的声音和画面会被录制。\n"
     "录制内容将加密保存，仅用于本次业务的审核、存证和争议处理，保存期限依照法律法规和业务约定。\n"
     "您可以拒绝；拒绝后您将不会加入会话。\n"
     "点击“同意”表示您已阅读并同意上述内容。"},
    {"en",
     "You are invited to a video interview. It is recorded from beginning to end, and so are your voice and your "
     "picture.\n"
     "The recording is stored encrypted and used only to review this business, as evidence and in case of a dispute, "
     "for as long as the law and the contract require.\n"
     "You may refuse; you do not join the conversation then.\n"
     "By choosing \"I agree\" you confirm that you have read this and agree."},
}};

struct DefaultReason {
  std::string_view kind;
  std::string_view text;
};
inline constexpr std::array<DefaultReason, 8> kDefaultReasons{{
    {"rejected", "非本人办理"},
    {"rejected", "非本人真实意愿"},
    {"rejected", "证件信息不一致"},
    {"rejected", "疑似受他人指使"},
    {"needs_supplement", "资料不全"},
    {"needs_supplement", "证件不清晰"},
    {"needs_supplement", "环境嘈杂或光线不足"},
    {"needs_supplement", "需共同借款人或担保人到场"},
}};

/// What agents set on the timeline by the keys 1, 2, … in this order.
inline constexpr std::array<std::string_view, 5> kDefaultMarkLabels{"已核实身份", "已宣读风险", "已确认自愿办理",
                                                                    "回答“是”", "回答“否”"};

}  // namespace tw::service
