#pragma once

#include <string>

#include "base/result.hpp"
#include "speech/samples.hpp"

namespace tw::speech {

/// What a prompt may have: a minute or two of speech. In characters of UTF-8.
constexpr std::size_t kMaxTextCharacters = 1'000;
/// A voice that speaks slower than this about the longest text is broken.
constexpr int kMaxSpokenSeconds = 600;

/// Speaks `text` (UTF-8) in `language` (zh-CN or en) with espeak-ng, which is looked for when it is needed: a server
/// without it does everything but this. Call from one thread at a time, in the processor.
/// `media_item.no_voice` (unprocessable) where espeak-ng or its data are not installed, `media_item.text_invalid`
/// (invalid), `media_item.nothing_to_play` where nothing of the text can be spoken.
[[nodiscard]] Result<Samples> speak(const std::string& text, const std::string& language);

}  // namespace tw::speech
