#pragma once

#include <string>
#include <vector>

namespace tw {
class Clock;
}
namespace tw::media {
class MediaEngine;
}
namespace tw::service {
class AdminApiKeys;
class AdminMarkLabels;
class AdminPlaceProvider;
class AdminQueues;
class AdminReasons;
class AdminTenant;
class AdminUsers;
class AgentLinks;
class AuditLog;
class Authenticator;
class Brands;
class Calls;
class ClientInterviews;
class Conclude;
class Connections;
class CustomerEntry;
class CustomerPhotos;
class CustomerSteps;
class Desk;
class EmbedOrigins;
class FollowUps;
class GuestEntry;
class GuestSteps;
class Guests;
class Idempotency;
class Interviews;
class LoginTokens;
class Marks;
class MediaAccess;
class MediaLibrary;
class Notes;
class OpenOutcomes;
class Orders;
class Photos;
class Players;
class QueueMusic;
class Queues;
class RecordingCustody;
class Recordings;
class Satisfaction;
class SignIn;
class Supervision;
class Transfers;
class WebhookEndpoints;
}  // namespace tw::service

namespace tw::api {

/// Every use case that the outside can reach. `app` makes them; they outlive the API.
struct Services {
  const Clock& clock;
  service::Authenticator& authenticator;
  service::Idempotency& idempotency;
  service::SignIn& sign_in;
  service::AgentLinks& agent_links;
  service::AdminTenant& admin_tenant;
  service::AdminQueues& admin_queues;
  service::AdminUsers& admin_users;
  service::AdminApiKeys& admin_api_keys;
  service::AdminReasons& admin_reasons;
  service::AuditLog& audit_log;
  service::WebhookEndpoints& webhooks;
  service::Interviews& interviews;
  service::Queues& queues;
  service::CustomerEntry& customer_entry;
  service::CustomerSteps& customer_steps;
  service::Desk& desk;
  service::Calls& calls;
  service::Conclude& conclude;
  service::Transfers& transfers;
  service::Guests& guests;
  service::GuestEntry& guest_entry;
  service::GuestSteps& guest_steps;
  service::Supervision& supervision;
  service::Photos& photos;
  service::CustomerPhotos& customer_photos;
  service::Recordings& recordings;
  service::RecordingCustody& recording_custody;
  service::MediaAccess& media_access;
  service::Connections& connections;
  service::MediaLibrary& media_library;
  service::Players& players;
  service::LoginTokens& login_tokens;
  service::ClientInterviews& client_interviews;
  service::EmbedOrigins& embed_origins;
  service::AdminMarkLabels& admin_mark_labels;
  service::Notes& notes;
  service::Marks& marks;
  service::OpenOutcomes& open_outcomes;
  service::FollowUps& follow_ups;
  service::Orders& orders;
  service::Brands& brands;
  service::QueueMusic& queue_music;
  service::AdminPlaceProvider& admin_place_provider;
  service::Satisfaction& satisfaction;
  media::MediaEngine& media_engine;
};

}  // namespace tw::api
