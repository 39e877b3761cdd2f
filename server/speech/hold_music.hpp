#pragma once

#include "speech/samples.hpp"

namespace tw::speech {

/// The music that comes with the server for people who wait: a short quiet piece of plucked chords, made here note by
/// note, always the same, 48 kHz stereo. Its end goes over into its beginning.
[[nodiscard]] Samples compose_hold_music();

}  // namespace tw::speech
