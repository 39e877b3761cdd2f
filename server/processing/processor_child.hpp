#pragma once

namespace tw::processing {

/// The file descriptor on which a processor process finds its socket.
constexpr int kProcessorSocket = 3;

/// What `telewitness processor` runs: prepares fonts and codecs, gives up every right that it does not need (rlimits,
/// no_new_privs, seccomp), then takes jobs from the socket one after another until the other end closes. Returns the
/// exit status; end the process with _exit(status), nothing has to be flushed.
[[nodiscard]] int run_processor(int socket = kProcessorSocket);

}  // namespace tw::processing
