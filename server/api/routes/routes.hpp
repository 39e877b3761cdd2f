#pragma once

#include "api/http/router.hpp"
#include "api/services.hpp"

/// The operations of the contract, one function a tag.
namespace tw::api {

void add_queue_routes(Router& router, const Services& services);
void add_interview_routes(Router& router, const Services& services);
void add_recording_routes(Router& router, const Services& services);
void add_webhook_routes(Router& router, const Services& services);
void add_customer_routes(Router& router, const Services& services);
void add_network_check_routes(Router& router, const Services& services);
void add_queue_music_routes(Router& router, const Services& services);
void add_customer_photo_routes(Router& router, const Services& services);
void add_sign_in_routes(Router& router, const Services& services);
void add_agent_routes(Router& router, const Services& services);
void add_agent_day_routes(Router& router, const Services& services);
void add_mark_label_routes(Router& router, const Services& services);
void add_call_routes(Router& router, const Services& services);
void add_guest_routes(Router& router, const Services& services);
void add_supervisor_routes(Router& router, const Services& services);
void add_admin_routes(Router& router, const Services& services);
void add_brand_routes(Router& router, const Services& services);
void add_place_provider_routes(Router& router, const Services& services);
void add_media_routes(Router& router, const Services& services);
void add_player_routes(Router& router, const Services& services);
void add_client_routes(Router& router, const Services& services);

inline void add_all_routes(Router& router, const Services& services) {
  add_queue_routes(router, services);
  add_interview_routes(router, services);
  add_recording_routes(router, services);
  add_webhook_routes(router, services);
  add_customer_routes(router, services);
  add_network_check_routes(router, services);
  add_queue_music_routes(router, services);
  add_customer_photo_routes(router, services);
  add_sign_in_routes(router, services);
  add_agent_routes(router, services);
  add_agent_day_routes(router, services);
  add_mark_label_routes(router, services);
  add_call_routes(router, services);
  add_guest_routes(router, services);
  add_supervisor_routes(router, services);
  add_admin_routes(router, services);
  add_brand_routes(router, services);
  add_place_provider_routes(router, services);
  add_media_routes(router, services);
  add_player_routes(router, services);
  add_client_routes(router, services);
}

}  // namespace tw::api
