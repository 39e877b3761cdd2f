#pragma once

#include <filesystem>
#include <vector>

namespace tw::processing {

/// From now on this process sees of the file system only the system's own files (libraries, fonts, time zones), what
/// lies below `readable`, and may change only what lies below `writable`: a processor that was taken over by what it
/// decodes reaches no other recording. By Landlock (Linux 5.13); false, and nothing has changed, where the kernel lacks
/// it, which the log tells. For good; files that are open stay open. To be called before threads are started.
bool confine_files(const std::vector<std::filesystem::path>& readable,
                   const std::vector<std::filesystem::path>& writable);

}  // namespace tw::processing
