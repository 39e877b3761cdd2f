#include <algorithm>
#include <vector>

#include <unistd.h>

#include "api/application.hpp"
#include "api/limits.hpp"
#include "api/net/metrics_server.hpp"
#include "api/net/outgoing_http_client.hpp"
#include "api/socket/service_source.hpp"
#include "api/socket/socket_hub.hpp"
#include "app/due_runner.hpp"
#include "app/local_addresses.hpp"
#include "app/media_news.hpp"
#include "app/notifier_relay.hpp"
#include "app/server.hpp"
#include "app/state_store.hpp"
#include "base/log.hpp"
#include "crypto/certificate.hpp"
#include "place/gazetteer.hpp"
#include "processing/processor_processes.hpp"
#include "recording/file_system.hpp"
#include "service/accounts/admin_api_keys.hpp"
#include "service/accounts/admin_mark_labels.hpp"
#include "service/accounts/admin_place_provider.hpp"
#include "service/accounts/admin_queues.hpp"
#include "service/accounts/admin_reasons.hpp"
#include "service/accounts/admin_tenant.hpp"
#include "service/accounts/admin_users.hpp"
#include "service/accounts/agent_links.hpp"
#include "service/accounts/audit_log.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/accounts/brands.hpp"
#include "service/accounts/embed_origins.hpp"
#include "service/accounts/idempotency.hpp"
#include "service/accounts/login_tokens.hpp"
#include "service/accounts/sign_in.hpp"
#include "service/accounts/webhook_delivery.hpp"
#include "service/accounts/webhook_endpoints.hpp"
#include "service/calls.hpp"
#include "service/client_interviews.hpp"
#include "service/compose_jobs.hpp"
#include "service/conclude.hpp"
#include "service/core.hpp"
#include "service/customer_entry.hpp"
#include "service/customer_photos.hpp"
#include "service/customer_steps.hpp"
#include "service/desk.hpp"
#include "service/follow_ups.hpp"
#include "service/guest_entry.hpp"
#include "service/guest_steps.hpp"
#include "service/guests.hpp"
#include "service/interviews.hpp"
#include "service/marks.hpp"
#include "service/media_access.hpp"
#include "service/media_jobs.hpp"
#include "service/media_library.hpp"
#include "service/notes.hpp"
#include "service/open_outcomes.hpp"
#include "service/orders.hpp"
#include "service/photos.hpp"
#include "service/played_media.hpp"
#include "service/players.hpp"
#include "service/queue_music.hpp"
#include "service/recording_alarms.hpp"
#include "service/recording_custody.hpp"
#include "service/recording_erasure.hpp"
#include "service/recordings.hpp"
#include "service/recovery.hpp"
#include "service/retention.hpp"
#include "service/rooms/live_rooms.hpp"
#include "service/satisfaction.hpp"
#include "service/supervision.hpp"
#include "service/timekeeper.hpp"
#include "service/transfers.hpp"
#include "store/interviews.hpp"

namespace tw::app {
namespace {

constexpr std::size_t kNewsThreads = 2;  // states of pages: short reads
constexpr std::size_t kJobThreads = 2;   // photos: as many as the processor takes at once
constexpr std::size_t kMaxWaitingJobs = 64;
constexpr std::chrono::seconds kLastAnswers{3};
constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;

std::string host_of(const std::string& url) {
  const auto start = url.find("://");
  std::string host = start == std::string::npos ? url : url.substr(start + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

std::string machine_name() {
  std::vector<char> name(256);
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

/// Everything by which this server may be called: what a certificate of its own has to name.
std::vector<std::string> certificate_names(const Config& config) {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1", machine_name(), host_of(config.server.public_url)};
  const auto addresses = local_addresses();
  names.insert(names.end(), addresses.begin(), addresses.end());
  names.insert(names.end(), config.server.tls_names.begin(), config.server.tls_names.end());
  std::erase(names, std::string());
  std::ranges::sort(names);
  const auto [first, last] = std::ranges::unique(names);
  names.erase(first, last);
  return names;
}

Result<ServerCertificateFiles> certificate(const Config& config, const DataFolder& folder, WallTime now) {
  if (config.server.tls_certificate.empty() != config.server.tls_key.empty()) {
    return fail(ErrorKind::invalid, "config.out_of_range",
                "server.tls_certificate and server.tls_key belong together; set both.");
  }
  if (!config.server.tls_certificate.empty())
    return ServerCertificateFiles{config.server.tls_certificate, config.server.tls_key, {}};
  return ensure_server_certificate(folder.tls(), certificate_names(config), now);
}

/// "bind" or "bind=advertised"; none configured: every address of this machine.
media::MediaConfig media_config(const Config& config) {
  media::MediaConfig media;
  const auto entries = config.media.addresses.empty() ? local_addresses() : config.media.addresses;
  for (const auto& entry : entries) {
    const auto equals = entry.find('=');
    media.addresses.push_back({entry.substr(0, equals), equals == std::string::npos ? "" : entry.substr(equals + 1)});
  }
  media.first_port = static_cast<std::uint16_t>(config.media.first_port);
  media.workers = static_cast<unsigned>(config.media.workers);
  media.tcp = config.media.tcp;
  media.video_codec = config.media.video_codec == "H264" ? media::Codec::h264 : media::Codec::vp8;
  media.video_bitrate_bps = static_cast<std::uint32_t>(config.media.video_kbps * 1000);
  media.audio_bitrate_bps = static_cast<std::uint32_t>(config.media.audio_kbps * 1000);
  media.unstable_after = std::chrono::milliseconds{config.media.unstable_after_ms};
  media.lost_after = std::chrono::milliseconds{config.media.lost_after_ms};
  media.freed_after = std::chrono::milliseconds{config.media.freed_after_ms};
  return media;
}

api::HttpsConfig https_config(const Config& config, const ServerCertificateFiles& files) {
  api::HttpsConfig https;
  https.addresses = config.server.listen;
  https.port = static_cast<std::uint16_t>(config.server.port);
  https.certificate_chain = files.chain;
  https.private_key = files.key;
  https.trust_forwarded_for = config.server.trust_forwarded_for;
  return https;
}

/// A public address whose port is 0 means "the one the system chose".
std::string with_port(std::string url, std::uint16_t port) {
  while (url.ends_with('/')) url.pop_back();
  if (url.ends_with(":0")) url = url.substr(0, url.size() - 1) + std::to_string(port);
  return url;
}

/// Recordings stop growing before the disk is full: what is left lets the database conclude the calls that run.
std::uint64_t database_share(const Config& config) {
  constexpr std::uint64_t kMost = 64 * kMiB;
  return std::min(static_cast<std::uint64_t>(config.recording.reserve_mb) * kMiB / 4, kMost);
}

std::optional<place::Gazetteer> table_of_places() {
  auto table = place::embedded_gazetteer();
  if (table) return *table;
  log::warning("places get no address without a provider",
               {{"code", table.error().code}, {"why", table.error().message}});
  return std::nullopt;
}

service::Settings settings_of(const Config& config, const DataFolder& folder, const std::string& public_url) {
  auto settings = service::Settings::from(config);
  settings.data_dir = folder.root();
  settings.public_url = public_url;
  return settings;
}

}  // namespace

/// In the order in which they are made; taken down by `stop`, then in the opposite order.
struct Server::Parts {
  Parts(const Config& config_in, std::unique_ptr<StateStore> state_in, const ServerCertificateFiles& files)
      : config(config_in),
        state(std::move(state_in)),
        authority(files.authority.string()),
        https(https_config(config, files)),
        public_url(with_port(config.server.public_url, https.port())) {}

  service::Ports ports() {
    return {.database = state->database(),
            .clock = clock,
            .random = random,
            .rooms = rooms,
            .processor = processors,
            .outgoing = outgoing,
            .notifier = notifier,
            .wake_ups = deadlines,
            .tenant_keys = state->tenant_keys(),
            .master_key = state->master_key(),
            .outbox_written = [this] { webhook_delivery.wake(); },
            .jobs_written =
                [this] {
                  for (auto& runner : composing) runner->wake_now();
                  media_due.wake_now();
                  removals_due.wake_now();
                },
            .run_job = [this](std::function<void()> job) { return jobs.try_post(std::move(job)); },
            .gazetteer = gazetteer ? &*gazetteer : nullptr};
  }
  api::Services services() {
    return {clock,          authenticator,
            idempotency,    sign_in,
            agent_links,    admin_tenant,
            admin_queues,   admin_users,
            admin_api_keys, admin_reasons,
            audit_log,      webhooks,
            interviews,     queues,
            customer_entry, customer_steps,
            desk,           calls,
            conclude,       transfers,
            guests,         guest_entry,
            guest_steps,    supervision,
            photos,         customer_photos,
            recordings,     recording_custody,
            media_access,   connections,
            media_library,  players,
            login_tokens,   client_interviews,
            embed_origins,  admin_mark_labels,
            notes,          marks,
            open_outcomes,  follow_ups,
            orders,         brands,
            queue_music,    admin_place_provider,
            satisfaction,   engine};
  }
  void start();
  void stop();

  const Config config;
  SystemClock clock;
  OsRandom random;
  std::unique_ptr<StateStore> state;
  const std::string authority;
  api::HttpsServer https;
  const std::string public_url;
  api::Metrics metrics;

  NotifierRelay notifier;
  MediaNews media_news;
  DueRunner deadlines{clock};
  DueRunner webhooks_due{clock};
  DueRunner media_due{clock};
  DueRunner removals_due{clock};
  std::vector<std::unique_ptr<DueRunner>> composing;
  api::BlockingPool jobs{kJobThreads, kMaxWaitingJobs};
  api::OutgoingHttpClient outgoing{
      {config.outgoing.allow_private, config.outgoing.extra_ca_file, config.outgoing.allow_plain_http}};
  const std::optional<place::Gazetteer> gazetteer = table_of_places();
  processing::ProcessorProcesses processors{{.compositions = static_cast<unsigned>(config.recording.processors)}};
  media::MediaEngine engine{media_config(config), clock, random, media_news};
  recording::PosixFileSystem file_system{database_share(config)};
  service::LiveRooms rooms{
      engine,
      file_system,
      clock,
      random,
      {.recordings = state->folder().recordings(),
       .reserve_bytes = static_cast<std::uint64_t>(config.recording.reserve_mb) * kMiB,
       .mirror = config.recording.mirror_dir,
       .on_copy = [this](const InterviewId& interview, const recording::CopyNews& news) {
         static_cast<void>(jobs.try_post([this, interview, news] { recording_alarms.copy_changed(interview, news); }));
       }}};

  service::AccountsContext accounts{state->database(), clock, random, notifier, state->tenant_keys()};
  service::WebhookDelivery webhook_delivery{accounts, outgoing, webhooks_due};
  service::Core core{ports(), settings_of(config, state->folder(), public_url)};
  service::CustomerEntry customer_entry{core};
  service::CustomerSteps customer_steps{core};
  service::Interviews interviews{core};
  service::Queues queues{core};
  service::Desk desk{core};
  service::Calls calls{core};
  service::Conclude conclude{core};
  service::Satisfaction satisfaction{core};
  service::Notes notes{core};
  service::Marks marks{core};
  service::OpenOutcomes open_outcomes{core};
  service::FollowUps follow_ups{core};
  service::Orders orders{core};
  service::QueueMusic queue_music{core};
  service::Transfers transfers{core};
  service::Guests guests{core};
  service::GuestEntry guest_entry{core};
  service::GuestSteps guest_steps{core};
  service::Supervision supervision{core};
  service::Photos photos{core};
  service::CustomerPhotos customer_photos{core};
  service::Recordings recordings{core};
  service::RecordingCustody recording_custody{core};
  service::Retention retention{core};
  service::RecordingRemovals removals{core};
  service::RecordingAlarms recording_alarms{core};
  service::MediaAccess media_access{core};
  service::Connections connections{core};
  service::Timekeeper timekeeper{core};
  service::ComposeJobs compose_jobs{core};
  service::MediaLibrary media_library{core};
  service::MediaJobs media_jobs{core};
  service::Players players{core};
  service::Recovery recovery{core};
  service::Shutdown shutdown{core};

  service::Authenticator authenticator{state->database(), clock,
                                       [this](std::string_view token) { return customer_entry.find_session(token); },
                                       [this](std::string_view token) { return guest_entry.find_session(token); }};
  service::Idempotency idempotency{accounts};
  service::AgentLinks agent_links{accounts, state->master_key(), public_url};
  service::SignIn sign_in{accounts, agent_links};
  service::EmbedOrigins embed_origins{state->database()};
  service::AdminTenant admin_tenant{accounts, &embed_origins};
  service::Brands brands{accounts};
  service::LoginTokens login_tokens{accounts};
  service::ClientInterviews client_interviews{login_tokens, interviews, public_url};
  service::AdminQueues admin_queues{accounts};
  service::AdminUsers admin_users{accounts};
  service::AdminApiKeys admin_api_keys{accounts};
  service::AdminReasons admin_reasons{accounts};
  service::AdminMarkLabels admin_mark_labels{accounts};
  service::AuditLog audit_log{accounts};
  service::AdminPlaceProvider admin_place_provider{accounts, outgoing, gazetteer.has_value()};
  service::WebhookEndpoints webhooks{accounts, outgoing, webhook_delivery};

  api::ServiceSource source{services()};
  api::SocketHub hub{source, clock, kNewsThreads};
  api::Application application{
      services(),
      api::Origins(public_url, config.server.allowed_origins,
                   [this](const std::string& origin) { return embed_origins.anybody_lists(origin); }),
      hub, metrics, [this] { return !core.draining() && rooms.can_record(); }};
  api::BlockingPool workers{static_cast<std::size_t>(config.server.worker_threads), api::kMaxWaitingRequests};
  std::unique_ptr<api::MetricsServer> metrics_server;
  bool stopped = false;
};

void Server::Parts::start() {
  metrics.add_gauge("telewitness_sockets", "Pages that are connected.",
                    [this] { return static_cast<double>(hub.connected()); });
  metrics.add_gauge("telewitness_connections", "HTTPS connections.",
                    [this] { return static_cast<double>(https.connections()); });
  metrics.add_gauge("telewitness_requests_waiting", "Requests that wait for a worker thread.",
                    [this] { return static_cast<double>(workers.waiting()); });
  metrics.add_gauge("telewitness_calls", "Conversations that run.",
                    [this] { return static_cast<double>(shutdown.running_calls()); });
  metrics.add_gauge("telewitness_can_record", "1 while the disk has room for recordings.",
                    [this] { return rooms.can_record() ? 1.0 : 0.0; });
  metrics.add_gauge("telewitness_recording_lacks_copy", "1 while a recording lacks one of its two places.",
                    [this] { return rooms.lacks_copy() ? 1.0 : 0.0; });
  metrics.add_gauge("telewitness_recording_removals_open", "Deleted recordings whose files are not all removed yet.",
                    [this] { return static_cast<double>(removals.open()); });
  metrics.add_media([this] { return engine.totals(); });
  metrics_server = std::make_unique<api::MetricsServer>(
      config.metrics.listen, static_cast<std::uint16_t>(config.metrics.port), [this] { return metrics.text(); });

  notifier.set(&hub);
  if (const auto read = embed_origins.reload(); !read)
    log::error("who may embed could not be read", {{"code", read.error().code}});
  media_news.start([this](const MediaNews::News& news) {
    if (const auto* event = std::get_if<media::SessionEvent>(&news)) connections.media_session(*event);
    if (const auto* quality = std::get_if<media::SessionQuality>(&news)) connections.media_quality(*quality);
    if (const auto* player = std::get_if<media::PlayerEvent>(&news)) players.player_event(*player);
  });
  if (const auto report = recovery.run(); !report) {
    log::error("recovery failed", {{"code", report.error().code}, {"what", report.error().message}});
  } else if (report->calls_resumed + report->rings_returned + report->recordings_recovered > 0) {
    log::info("recovered", {{"calls", report->calls_resumed},
                            {"rings", report->rings_returned},
                            {"recordings", report->recordings_recovered}});
  }
  rooms.set_music([this](const InterviewId& interview) -> std::shared_ptr<const media::PlayerMedia> {
    const auto tenant = core.database().read([&](store::Connection& connection) -> Result<std::optional<TenantId>> {
      return store::interviews::tenant_of(connection, interview);
    });
    return tenant && *tenant ? service::hold_music(core, **tenant) : nullptr;
  });
  players.recover();
  media_jobs.start();
  media_due.start([this] {
    while (media_jobs.run_one()) {
    }
    return std::optional<WallTime>();
  });
  for (std::int64_t i = 0; i < config.recording.processors; ++i)
    composing.push_back(std::make_unique<DueRunner>(clock));
  for (auto& runner : composing) {
    runner->start([this] {
      while (compose_jobs.run_one()) {
      }
      return compose_jobs.next_at();
    });
  }
  removals_due.start([this] {
    const WallTime pass = retention.run_due();
    while (removals.run_one()) {
    }
    return std::optional(std::min(pass, removals.next_at().value_or(pass)));
  });
  deadlines.start([this] { return timekeeper.run_due(); });
  webhooks_due.start([this] { return webhook_delivery.run_due(); });
  https.start(application, workers);
}

void Server::Parts::stop() {
  if (std::exchange(stopped, true)) return;
  // What is closed from here on by us must not count as somebody having left.
  media_news.stop();
  hub.stop();
  https.stop(kLastAnswers);
  workers.stop();
  deadlines.stop();
  processors.stop();
  jobs.stop();
  for (auto& runner : composing) runner->stop();
  media_due.stop();
  removals_due.stop();
  webhooks_due.stop();
  shutdown.seal_recordings();
  rooms.close_all();
  notifier.set(nullptr);
  metrics_server.reset();
}

Result<std::unique_ptr<Server>> Server::start(const Config& config) {
  OsRandom random;
  auto state = StateStore::open(config, random);
  if (!state) return tl::unexpected(state.error());
  const auto files = certificate(config, (*state)->folder(), SystemClock().wall_now());
  if (!files) return tl::unexpected(files.error());
  auto parts = std::make_unique<Parts>(config, std::move(*state), *files);
  parts->start();
  return std::unique_ptr<Server>(new Server(std::move(parts)));  // NOLINT(cppcoreguidelines-owning-memory)
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() { parts_->stop(); }
std::uint16_t Server::port() const { return parts_->https.port(); }
std::uint16_t Server::media_port() const { return parts_->engine.first_port(); }
std::uint16_t Server::metrics_port() const { return parts_->metrics_server->port(); }
const std::string& Server::public_url() const { return parts_->public_url; }
const std::string& Server::authority_file() const { return parts_->authority; }
void Server::drain() {
  parts_->core.start_draining();
  parts_->hub.notice_all("server.draining");
}
std::size_t Server::running_calls() { return parts_->shutdown.running_calls(); }
void Server::stop() { parts_->stop(); }

}  // namespace tw::app
