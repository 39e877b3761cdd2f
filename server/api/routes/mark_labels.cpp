#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/accounts/admin_mark_labels.hpp"

namespace tw::api {
namespace {

using service::AdminMarkLabels;

constexpr Fields::Length kText{1, AdminMarkLabels::kMostCharacters};

Result<Response> create_label(AdminMarkLabels& labels, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  AdminMarkLabels::NewLabel label;
  label.text = fields.text("text", kText);
  label.key = fields.optional_whole_or_null("key", AdminMarkLabels::kFirstKey, AdminMarkLabels::kLastKey)
                  .value_or(std::nullopt);
  label.order = fields.optional_whole("order", 0, AdminMarkLabels::kMostOrder);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(labels.create(*request.caller, label), 201);
}

Result<Response> update_label(AdminMarkLabels& labels, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  AdminMarkLabels::Change change;
  change.text = fields.optional_text("text", kText);
  change.key = fields.optional_whole_or_null("key", AdminMarkLabels::kFirstKey, AdminMarkLabels::kLastKey);
  change.order = fields.optional_whole("order", 0, AdminMarkLabels::kMostOrder);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(labels.update(*request.caller, request.path_value("labelId"), change));
}

}  // namespace

void add_mark_label_routes(Router& router, const Services& services) {
  auto& labels = services.admin_mark_labels;
  router.add(Method::get, "/admin/mark-labels", Access::administrator,
             [&labels](const Request& request) { return answer_list(labels.list(*request.caller)); });
  router.add(Method::post, "/admin/mark-labels", Access::administrator,
             [&labels](const Request& request) { return create_label(labels, request); });
  router.add(Method::patch, "/admin/mark-labels/{labelId}", Access::administrator,
             [&labels](const Request& request) { return update_label(labels, request); });
  router.add(Method::del, "/admin/mark-labels/{labelId}", Access::administrator, [&labels](const Request& request) {
    return answer(labels.remove(*request.caller, request.path_value("labelId")));
  });
}

}  // namespace tw::api
