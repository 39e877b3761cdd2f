#pragma once

#include <boost/json/object.hpp>

#include "service/accounts/admin_api_keys.hpp"
#include "service/accounts/admin_mark_labels.hpp"
#include "service/accounts/admin_place_provider.hpp"
#include "service/accounts/admin_queues.hpp"
#include "service/accounts/admin_reasons.hpp"
#include "service/accounts/admin_tenant.hpp"
#include "service/accounts/admin_users.hpp"
#include "service/accounts/agent_links.hpp"
#include "service/accounts/audit_log.hpp"
#include "service/accounts/login_tokens.hpp"
#include "service/accounts/sign_in.hpp"
#include "service/accounts/webhook_endpoints.hpp"
#include "service/client_interviews.hpp"
#include "service/views.hpp"

/// What use cases show, as the contract's JSON. One file for each tag of the contract.
namespace tw::api {

// interviews.cpp
[[nodiscard]] boost::json::object to_json(const service::PlaceView& place);
[[nodiscard]] boost::json::object to_json(const service::OutcomeView& outcome);
[[nodiscard]] boost::json::object to_json(const service::InterviewView& interview);
[[nodiscard]] boost::json::object to_json(const service::CreatedInterview& created);
[[nodiscard]] boost::json::object to_json(const service::LinkView& link);
[[nodiscard]] boost::json::object to_json(const service::Link& link);
[[nodiscard]] boost::json::object to_json(const service::TimelineEntryView& entry);
[[nodiscard]] boost::json::object to_json(const service::OrderSection& section);

// recordings.cpp
[[nodiscard]] boost::json::object to_json(const service::PhotoView& photo);
[[nodiscard]] boost::json::object to_json(const service::RecordingView& recording);
[[nodiscard]] boost::json::object to_json(const service::TicketView& ticket);

// brand.cpp
[[nodiscard]] boost::json::object to_json(const service::BrandView& brand);

// customer.cpp
[[nodiscard]] boost::json::object to_json(const service::MediaItemView& item);
[[nodiscard]] boost::json::object to_json(const service::PlayerView& player);
[[nodiscard]] boost::json::object to_json(const service::ConsentTextView& text);
[[nodiscard]] boost::json::object to_json(const service::MediaAccessView& media);
[[nodiscard]] boost::json::object to_json(const service::CustomerPhotoView& photo);
[[nodiscard]] boost::json::object to_json(const service::CustomerState& state);
[[nodiscard]] boost::json::object to_json(const service::CustomerSessionView& session);

// agent.cpp
[[nodiscard]] boost::json::object to_json(const service::SignedInUser& user);
[[nodiscard]] boost::json::object to_json(const service::SignedIn& signed_in);
[[nodiscard]] boost::json::object to_json(const service::DeskState& desk);
[[nodiscard]] boost::json::object to_json(const service::AgentInterview& interview);
[[nodiscard]] boost::json::object to_json(const service::NotesView& notes);
[[nodiscard]] boost::json::object to_json(const service::MarkView& mark);
[[nodiscard]] boost::json::object to_json(const service::OpenOutcomeView& outcome);

// people.cpp
[[nodiscard]] boost::json::object person_json(const service::PersonView& person);
[[nodiscard]] boost::json::object transfer_json(const service::TransferView& transfer);
[[nodiscard]] boost::json::object to_json(const service::TransferTargets& targets);
[[nodiscard]] boost::json::object to_json(const service::GuestView& guest);
[[nodiscard]] boost::json::object to_json(const service::CreatedGuest& created);
[[nodiscard]] boost::json::object to_json(const service::GuestState& state);
[[nodiscard]] boost::json::object to_json(const service::GuestSessionView& session);
[[nodiscard]] boost::json::object to_json(const service::LiveInterview& call);
[[nodiscard]] boost::json::object to_json(const service::SupervisorState& state);

// admin.cpp
[[nodiscard]] boost::json::object to_json(const service::PlaceAddressSettings& settings);
[[nodiscard]] boost::json::object to_json(const service::Tenant& tenant);
[[nodiscard]] boost::json::object to_json(const service::AdminQueue& queue);
[[nodiscard]] boost::json::object to_json(const service::QueueView& queue);
[[nodiscard]] boost::json::object to_json(const service::AdminUser& user);
[[nodiscard]] boost::json::object to_json(const service::ApiKey& key);
[[nodiscard]] boost::json::object to_json(const service::CreatedApiKey& created);
[[nodiscard]] boost::json::object to_json(const service::Reason& reason);
[[nodiscard]] boost::json::object to_json(const service::MarkLabel& label);
[[nodiscard]] boost::json::object to_json(const service::AuditEntry& entry);

// client.cpp
[[nodiscard]] boost::json::object to_json(const service::LoginTokens::Token& token);
[[nodiscard]] boost::json::object to_json(const service::ClientInterviews::LoggedIn& login);
[[nodiscard]] boost::json::object to_json(const service::ClientInterviews::Started& started);

// webhooks.cpp
[[nodiscard]] boost::json::object to_json(const service::WebhookEndpoint& endpoint);
[[nodiscard]] boost::json::object to_json(const service::CreatedWebhookEndpoint& created);
[[nodiscard]] boost::json::object to_json(const service::WebhookMessage& message);

}  // namespace tw::api
