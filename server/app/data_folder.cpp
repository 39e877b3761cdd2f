#include "app/data_folder.hpp"

namespace tw::app {

DataFolder::DataFolder(const std::filesystem::path& root) : root_(std::filesystem::absolute(root)) {
  for (const auto& folder : {root_, photos(), recordings(), keys(), tls(), run()}) {
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  }
}

}  // namespace tw::app
