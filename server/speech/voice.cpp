#include "speech/voice.hpp"

#include <dlfcn.h>

#include <cstddef>

#include "base/utf8.hpp"

/// espeak-ng looks for a sound device whenever it begins, though it only gives samples here, and its search opens
/// sockets, which ends a processor. The program's own symbol goes before the one of the library that searches.
extern "C" __attribute__((visibility("default"))) void* create_audio_device_object(const char* /*device*/,
                                                                                   const char* /*application*/,
                                                                                   const char* /*description*/) {
  return nullptr;
}

namespace tw::speech {
namespace {

// The part of espeak-ng's C interface (its speak_lib.h, stable since version 1.48) that is used here. The library is
// loaded at run time, because it brings sound servers' libraries along that a server should not start with.
constexpr const char* kLibrary = "libespeak-ng.so.1";
constexpr int kSynchronous = 2;     // AUDIO_OUTPUT_SYNCHRONOUS: samples go to the callback, nothing is played
constexpr int kDoNotExit = 0x8000;  // espeakINITIALIZE_DONT_EXIT
constexpr unsigned kUtf8 = 1;       // espeakCHARS_UTF8
constexpr int kByCharacter = 1;     // POS_CHARACTER
constexpr int kRateParameter = 1;   // espeakRATE
constexpr int kWordsPerMinute = 150;
constexpr int kOk = 0;  // EE_OK

using Callback = int(short* samples, int count, void* events);
using Initialize = int(int output, int buffer_ms, const char* path, int options);
using SetCallback = void(Callback* callback);
using SetVoice = int(const char* name);
using SetParameter = int(int parameter, int value, int relative);
using Synthesize = int(const void* text, std::size_t bytes, unsigned position, int position_type, unsigned end,
                       unsigned flags, unsigned* id, void* user);
using Synchronize = int();

tl::unexpected<Error> no_voice() {
  return fail(ErrorKind::unprocessable, "media_item.no_voice",
              "No voice is installed: the packages libespeak-ng1 and espeak-ng-data are missing on the server.");
}

/// Where the callback puts what is spoken; the library gives it no place to keep a pointer in.
Samples* g_spoken = nullptr;

int take(short* samples, int count, void* /*events*/) {
  if (samples == nullptr || count <= 0 || g_spoken == nullptr) return 0;
  const auto most = static_cast<std::size_t>(kMaxSpokenSeconds) * static_cast<std::size_t>(g_spoken->rate_hz);
  if (g_spoken->samples.size() > most) return 1;  // stop
  for (int i = 0; i < count; ++i) g_spoken->samples.push_back(static_cast<float>(samples[i]) / 32'768.0F);
  return 0;
}

/// The library and the functions used, loaded once a process.
class Espeak {
 public:
  static Espeak* instance() {
    static Espeak espeak;
    return espeak.rate_hz_ > 0 ? &espeak : nullptr;
  }
  bool choose(const char* voice) {
    return set_voice_(voice) == kOk && set_parameter_(kRateParameter, kWordsPerMinute, 0) == kOk;
  }
  bool speak(const std::string& text, Samples& out) {
    out.rate_hz = rate_hz_;
    g_spoken = &out;
    const bool spoken =
        synthesize_(text.c_str(), text.size() + 1, 0, kByCharacter, 0, kUtf8, nullptr, nullptr) == kOk &&
        synchronize_() == kOk;
    g_spoken = nullptr;
    return spoken;
  }

 private:
  Espeak() : library_(::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) return;
    auto* initialize = find<Initialize>("espeak_Initialize");
    auto* set_callback = find<SetCallback>("espeak_SetSynthCallback");
    set_voice_ = find<SetVoice>("espeak_SetVoiceByName");
    set_parameter_ = find<SetParameter>("espeak_SetParameter");
    synthesize_ = find<Synthesize>("espeak_Synth");
    synchronize_ = find<Synchronize>("espeak_Synchronize");
    if (initialize == nullptr || set_callback == nullptr || set_voice_ == nullptr || set_parameter_ == nullptr ||
        synthesize_ == nullptr || synchronize_ == nullptr) {
      return;
    }
    rate_hz_ = initialize(kSynchronous, 0, nullptr, kDoNotExit);
    if (rate_hz_ > 0) set_callback(&take);
  }
  template <class Function>
  Function* find(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(library_, name));
  }

  void* library_;  // never closed: threads of its own still run in it when the process ends
  SetVoice* set_voice_ = nullptr;
  SetParameter* set_parameter_ = nullptr;
  Synthesize* synthesize_ = nullptr;
  Synchronize* synchronize_ = nullptr;
  int rate_hz_ = 0;
};

}  // namespace

Result<Samples> speak(const std::string& text, const std::string& language) {
  const std::size_t length = characters(text);
  if (length == 0 || length > kMaxTextCharacters || text.find('\0') != std::string::npos) {
    return fail(ErrorKind::invalid, "media_item.text_invalid", "A prompt has 1 to 1,000 characters.");
  }
  Espeak* espeak = Espeak::instance();
  if (espeak == nullptr || !espeak->choose(language == "zh-CN" ? "cmn" : "en-gb")) return no_voice();
  Samples spoken;
  if (!espeak->speak(text, spoken) || spoken.samples.empty()) {
    return fail(ErrorKind::unprocessable, "media_item.nothing_to_play", "Nothing of this text can be spoken.");
  }
  return spoken;
}

}  // namespace tw::speech
