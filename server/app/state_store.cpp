#include "app/state_store.hpp"

#include "crypto/master_key.hpp"
#include "store/migrator.hpp"

namespace tw::app {

StateStore::StateStore(DataFolder folder, SecretKey master_key, std::unique_ptr<store::Database> database)
    : folder_(std::move(folder)),
      master_key_(std::move(master_key)),
      database_(std::move(database)),
      tenant_keys_(*database_, master_key_) {}

Result<std::unique_ptr<StateStore>> StateStore::open(const Config& config, Random& random) {
  DataFolder folder(config.server.data_dir);
  MasterKeySource source;
  source.file = config.keys.master_key_file.empty() ? folder.keys() / "master.key"
                                                    : std::filesystem::path(config.keys.master_key_file);
  source.command = config.keys.master_key_command;
  // A database without its key is lost data, not a first start: a new key must not hide that.
  source.may_create = !std::filesystem::exists(folder.database());
  auto key = load_master_key(source, random);
  if (!key) return tl::unexpected(key.error());
  auto database = store::open_migrated(folder.database());
  if (!database) return tl::unexpected(database.error());
  return std::unique_ptr<StateStore>(
      new StateStore(std::move(folder), std::move(*key), std::move(*database)));  // NOLINT
}

}  // namespace tw::app
