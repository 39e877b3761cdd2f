#include "store/interviews.hpp"

#include "store/accounts/json_strings.hpp"

namespace tw::store::interviews {
namespace {

constexpr const char* kColumns =
    "tenant_id, id, version, node, queue_id, customer_id, business_id, assist_id, company_name, sections_json, "
    "order_endpoint, return_url, status, end_reason, answering, is_returning, agent_id, last_agent_id, consent_json, "
    "consent_given, place_json, place, outcome, outcome_reason, outcome_at, created_at, queued_at, waiting_since, "
    "ringing_since, answered_at, talking_since, talked_us, ended_at, tried_json, ring_until, retry_at, wait_until, "
    "answer_until, agent_absent_until, customer_absent_until, expires_at, timeline_number, timeline_hash, "
    "transfer_from, transfer_target, transfer_since, transfer_until, transfer_note, held, voice_only, supplied_json, "
    "outcome_until, outcome_overdue, follows_id, queue_music, queue_music_starts, receipt_number";

std::string select_from(const std::string& rest) {
  return std::string("SELECT ") + kColumns + " FROM interviews " + rest;
}

std::string tried_text(const std::vector<AgentId>& tried) {
  std::vector<std::string> texts;
  texts.reserve(tried.size());
  for (const AgentId& agent : tried) texts.push_back(agent.str());
  return to_json_array(texts);
}
std::vector<AgentId> parse_tried(const std::string& text) {
  std::vector<AgentId> tried;
  for (std::string& id : from_json_array(text)) tried.push_back(AgentId::trusted(std::move(id)));
  return tried;
}

template <class Word>
std::optional<std::string> word_text(const std::optional<Word>& word) {
  if (!word) return std::nullopt;
  return std::string(domain::to_text(*word));
}
template <class Word>
std::optional<Word> word_of(const Row& row, std::size_t column) {
  const auto text = row.opt_text(column);
  return text ? domain::parse<Word>(*text) : std::nullopt;
}

/// Reads columns one after the other, so that their order is written down only once above.
class Reader {
 public:
  explicit Reader(const Row& row) : row_(row) {}
  std::string text() { return row_.text(next_++); }
  std::optional<std::string> opt_text() { return row_.opt_text(next_++); }
  std::int64_t i64() { return row_.i64(next_++); }
  bool flag() { return row_.flag(next_++); }
  WallTime time() { return row_.time(next_++); }
  std::optional<WallTime> opt_time() { return row_.opt_time(next_++); }
  template <class T>
  T id() {
    return row_.id<T>(next_++);
  }
  template <class T>
  std::optional<T> opt_id() {
    return row_.opt_id<T>(next_++);
  }
  template <class Word>
  std::optional<Word> word() {
    return word_of<Word>(row_, next_++);
  }

 private:
  const Row& row_;
  std::size_t next_ = 0;
};

void read_transfer(Reader& r, domain::Interview& state) {
  const auto from = r.opt_id<AgentId>();
  domain::Transfer transfer;
  transfer.target = r.opt_id<AgentId>();
  transfer.since = r.opt_time().value_or(WallTime{});
  transfer.until = r.opt_time();
  transfer.note = r.text();
  if (!from) return;
  transfer.from = *from;
  state.transfer = std::move(transfer);
}

InterviewRecord read(const Row& row) {
  Reader r(row);
  InterviewRecord record;
  domain::Interview& s = record.state;
  record.tenant = r.id<TenantId>();
  s.id = r.id<InterviewId>();
  record.version = r.i64();
  record.node = r.text();
  s.queue = r.id<QueueId>();
  record.customer = r.id<CustomerId>();
  record.business_id = r.text();
  record.assist_id = r.text();
  record.company_name = r.text();
  record.sections_json = r.text();
  record.order_endpoint = r.text();
  record.return_url = r.text();
  s.status = r.word<domain::Status>().value();
  s.end_reason = r.word<domain::EndReason>();
  s.answering = r.flag();
  s.returning = r.flag();
  s.agent = r.opt_id<AgentId>();
  s.last_agent = r.opt_id<AgentId>();
  record.consent_json = r.text();
  s.consent_given = r.flag();
  record.place_json = r.text();
  s.place = r.word<domain::PlaceStatus>();
  s.outcome = r.word<domain::OutcomeKind>();
  s.outcome_reason = r.text();
  s.outcome_at = r.opt_time();
  s.created_at = r.time();
  s.queued_at = r.opt_time();
  s.waiting_since = r.opt_time();
  s.ringing_since = r.opt_time();
  s.answered_at = r.opt_time();
  s.talking_since = r.opt_time();
  s.talked = std::chrono::microseconds(r.i64());
  s.ended_at = r.opt_time();
  s.tried = parse_tried(r.text());
  s.ring_until = r.opt_time();
  s.retry_at = r.opt_time();
  s.wait_until = r.opt_time();
  s.answer_until = r.opt_time();
  s.agent_absent_until = r.opt_time();
  s.customer_absent_until = r.opt_time();
  s.expires_at = r.time();
  record.timeline.number = r.i64();
  record.timeline.hash = r.text();
  read_transfer(r, s);
  s.held = r.flag();
  record.voice_only = r.flag();
  record.supplied_json = r.text();
  s.outcome_until = r.opt_time();
  s.outcome_overdue = r.flag();
  record.follows = r.opt_id<InterviewId>();
  s.queue_music = r.opt_text();
  s.music_starts = r.i64();
  record.receipt_number = r.text();
  return record;
}

/// What changes in the life of an interview; the rest is written once.
Params changing(const InterviewRecord& record) {
  const domain::Interview& s = record.state;
  return {{"tenant", record.tenant},
          {"id", s.id},
          {"sections", record.sections_json},
          {"status", domain::to_text(s.status)},
          {"end_reason", word_text(s.end_reason)},
          {"answering", s.answering},
          {"is_returning", s.returning},
          {"agent", s.agent},
          {"last_agent", s.last_agent},
          {"consent", record.consent_json},
          {"consent_given", s.consent_given},
          {"place_json", record.place_json},
          {"place", word_text(s.place)},
          {"outcome", word_text(s.outcome)},
          {"outcome_reason", s.outcome_reason},
          {"outcome_at", s.outcome_at},
          {"outcome_until", s.outcome_until},
          {"outcome_overdue", s.outcome_overdue},
          {"queued_at", s.queued_at},
          {"waiting_since", s.waiting_since},
          {"ringing_since", s.ringing_since},
          {"answered_at", s.answered_at},
          {"talking_since", s.talking_since},
          {"talked", s.talked.count()},
          {"ended_at", s.ended_at},
          {"tried", tried_text(s.tried)},
          {"ring_until", s.ring_until},
          {"retry_at", s.retry_at},
          {"wait_until", s.wait_until},
          {"answer_until", s.answer_until},
          {"agent_absent", s.agent_absent_until},
          {"customer_absent", s.customer_absent_until},
          {"expires_at", s.expires_at},
          {"deadline", s.deadline()},
          {"number", record.timeline.number},
          {"hash", record.timeline.hash},
          {"transfer_from", s.transfer ? std::optional(s.transfer->from) : std::nullopt},
          {"transfer_target", s.transfer ? s.transfer->target : std::nullopt},
          {"transfer_since", s.transfer ? std::optional(s.transfer->since) : std::nullopt},
          {"transfer_until", s.transfer ? s.transfer->until : std::nullopt},
          {"transfer_note", s.transfer ? s.transfer->note : std::string()},
          {"held", s.held},
          {"queue_music", s.queue_music},
          {"music_starts", s.music_starts},
          {"receipt", record.receipt_number},
          {"queue", s.queue}};
}

std::vector<InterviewRecord> read_all(const std::vector<Row>& rows) {
  std::vector<InterviewRecord> records;
  records.reserve(rows.size());
  for (const Row& row : rows) records.push_back(read(row));
  return records;
}

std::vector<Key> read_keys(const std::vector<Row>& rows) {
  std::vector<Key> keys;
  keys.reserve(rows.size());
  for (const Row& row : rows) keys.push_back({row.id<TenantId>(0), row.id<InterviewId>(1)});
  return keys;
}

/// What LIKE finds wherever `text` stands, with `!` as its escape.
std::string contains(const std::string& text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + "%";
}

constexpr const char* kOfPerson =
    " AND (customer_id IN (SELECT id FROM customers WHERE tenant_id = :tenant AND nick_name LIKE :person ESCAPE '!')"
    " OR last_agent_id IN (SELECT id FROM users WHERE tenant_id = :tenant"
    " AND (display_name LIKE :person ESCAPE '!' OR name LIKE :person ESCAPE '!')))";

const char* condition_of(RecordingSelection recording) {
  switch (recording) {
    case RecordingSelection::any: return "";
    case RecordingSelection::held: return " AND r.held_since IS NOT NULL AND r.deleted_at IS NULL";
    case RecordingSelection::expiring: return " AND r.held_since IS NULL AND r.deleted_at IS NULL";
    case RecordingSelection::deleted: return " AND r.deleted_at IS NOT NULL";
  }
  return "";
}

}  // namespace

void insert(Transaction& transaction, const InterviewRecord& record) {
  Params params = changing(record);
  params.insert(params.end(), {{"node", record.node},
                               {"customer", record.customer},
                               {"business", record.business_id},
                               {"assist", record.assist_id},
                               {"company", record.company_name},
                               {"endpoint", record.order_endpoint},
                               {"return_url", record.return_url},
                               {"created", record.state.created_at},
                               {"version", record.version},
                               {"voice_only", record.voice_only},
                               {"supplied", record.supplied_json},

                               {"follows", record.follows}});
  transaction.execute(
      "INSERT INTO interviews (tenant_id, id, version, node, queue_id, customer_id, business_id, assist_id, "
      "company_name, "
      "sections_json, order_endpoint, return_url, status, end_reason, answering, is_returning, agent_id, "
      "last_agent_id, "
      "consent_json, consent_given, place_json, place, outcome, outcome_reason, outcome_at, created_at, queued_at, "
      "waiting_since, ringing_since, answered_at, talking_since, talked_us, ended_at, tried_json, ring_until, "
      "retry_at, "
      "wait_until, answer_until, agent_absent_until, customer_absent_until, expires_at, deadline_at, timeline_number, "
      "timeline_hash, transfer_from, transfer_target, transfer_since, transfer_until, transfer_note, held, "
      "voice_only, supplied_json, outcome_until, outcome_overdue, follows_id, queue_music, queue_music_starts, "
      "receipt_number) VALUES "
      "(:tenant, :id, :version, :node, "
      ":queue, :customer, :business, :assist, "
      ":company, "
      ":sections, "
      ":endpoint, :return_url, :status, :end_reason, :answering, :is_returning, :agent, :last_agent, :consent, "
      ":consent_given, :place_json, :place, :outcome, :outcome_reason, :outcome_at, :created, :queued_at, "
      ":waiting_since, "
      ":ringing_since, :answered_at, :talking_since, :talked, :ended_at, :tried, :ring_until, :retry_at, :wait_until, "
      ":answer_until, :agent_absent, :customer_absent, :expires_at, :deadline, :number, :hash, "
      ":transfer_from, :transfer_target, :transfer_since, :transfer_until, :transfer_note, :held, :voice_only, "
      ":supplied, :outcome_until, :outcome_overdue, :follows, :queue_music, :music_starts, :receipt)",
      params);
}

bool update(Transaction& transaction, InterviewRecord& record) {
  Params params = changing(record);
  params.emplace_back("version", record.version);
  const std::int64_t changed = transaction.execute(
      "UPDATE interviews SET version = version + 1, sections_json = :sections, status = :status, end_reason = "
      ":end_reason, "
      "answering = :answering, is_returning = :is_returning, agent_id = :agent, last_agent_id = :last_agent, "
      "consent_json = :consent, consent_given = :consent_given, place_json = :place_json, place = :place, "
      "outcome = :outcome, outcome_reason = :outcome_reason, outcome_at = :outcome_at, "
      "outcome_until = :outcome_until, outcome_overdue = :outcome_overdue, queued_at = :queued_at, "
      "waiting_since = :waiting_since, ringing_since = :ringing_since, answered_at = :answered_at, "
      "talking_since = :talking_since, talked_us = :talked, ended_at = :ended_at, tried_json = :tried, "
      "ring_until = :ring_until, retry_at = :retry_at, wait_until = :wait_until, answer_until = :answer_until, "
      "agent_absent_until = :agent_absent, customer_absent_until = :customer_absent, expires_at = :expires_at, "
      "deadline_at = :deadline, timeline_number = :number, timeline_hash = :hash, queue_id = :queue, "
      "transfer_from = :transfer_from, transfer_target = :transfer_target, transfer_since = :transfer_since, "
      "transfer_until = :transfer_until, transfer_note = :transfer_note, held = :held, queue_music = :queue_music, "
      "queue_music_starts = :music_starts, receipt_number = :receipt "
      "WHERE tenant_id = :tenant AND id = :id AND version = :version",
      params);
  if (changed != 1) return false;
  ++record.version;
  return true;
}

std::optional<InterviewRecord> find(Connection& connection, const TenantId& tenant, const InterviewId& id) {
  const auto row =
      connection.first(select_from("WHERE tenant_id = :tenant AND id = :id"), {{"tenant", tenant}, {"id", id}});
  if (!row) return std::nullopt;
  return read(*row);
}

std::vector<InterviewRecord> select(Connection& connection, const TenantId& tenant,
                                    const InterviewSelection& selection) {
  std::string sql = "WHERE tenant_id = :tenant";
  Params params{{"tenant", tenant}, {"limit", selection.limit}};
  const auto narrow = [&](const char* condition, Param param) {
    sql += condition;
    params.push_back(std::move(param));
  };
  if (!selection.business_id.empty()) narrow(" AND business_id = :business", {"business", selection.business_id});
  if (!selection.queue.empty()) narrow(" AND queue_id = :queue", {"queue", selection.queue});
  if (selection.status) narrow(" AND status = :status", {"status", domain::to_text(*selection.status)});
  if (selection.outcome) narrow(" AND outcome = :outcome", {"outcome", domain::to_text(*selection.outcome)});
  if (!selection.before_id.empty()) narrow(" AND id < :before", {"before", selection.before_id});
  if (!selection.person.empty()) narrow(kOfPerson, {"person", contains(selection.person)});
  if (selection.created_from) narrow(" AND created_at >= :created_from", {"created_from", *selection.created_from});
  if (selection.created_before)
    narrow(" AND created_at < :created_before", {"created_before", *selection.created_before});
  if (selection.queues_of) {
    narrow(" AND queue_id IN (SELECT queue_id FROM user_queues WHERE tenant_id = :tenant AND user_id = :user)",
           {"user", *selection.queues_of});
  }
  if (selection.deferred_by) {
    narrow(" AND outcome_until IS NOT NULL AND last_agent_id = :deferred_by", {"deferred_by", *selection.deferred_by});
  }
  if (!selection.receipt_number.empty())
    narrow(" AND receipt_number = :receipt", {"receipt", selection.receipt_number});
  if (selection.recording) {
    sql +=
        std::string(
            " AND EXISTS (SELECT 1 FROM recordings r WHERE r.tenant_id = :tenant AND r.interview_id = interviews.id") +
        condition_of(*selection.recording) + ")";
    if (*selection.recording == RecordingSelection::expiring)
      narrow(" AND ended_at <= :ended_by", {"ended_by", selection.ended_by});
  }
  return read_all(connection.query(select_from(sql + " ORDER BY id DESC LIMIT :limit"), params));
}

std::vector<DeferredOutcome> deferred_outcomes(Connection& connection, const TenantId& tenant, const AgentId& agent) {
  std::vector<DeferredOutcome> outcomes;
  for (const Row& row :
       connection.query("SELECT outcome_until, outcome_overdue FROM interviews WHERE tenant_id = :tenant "
                        "AND last_agent_id = :agent AND outcome_until IS NOT NULL ORDER BY outcome_until",
                        {{"tenant", tenant}, {"agent", agent}})) {
    outcomes.push_back({row.time(0), row.flag(1)});
  }
  return outcomes;
}

std::optional<InterviewRecord> open_follow_up(Connection& connection, const TenantId& tenant, const InterviewId& of) {
  const auto row = connection.first(
      select_from("WHERE tenant_id = :tenant AND follows_id = :of AND status <> 'ended' ORDER BY id DESC"),
      {{"tenant", tenant}, {"of", of}});
  return row ? std::optional(read(*row)) : std::nullopt;
}

std::vector<InterviewRecord> in_status(Connection& connection, const TenantId& tenant, domain::Status status,
                                       const std::optional<QueueId>& queue) {
  Params params{{"tenant", tenant}, {"status", domain::to_text(status)}};
  std::string sql = "WHERE tenant_id = :tenant AND status = :status";
  if (queue) {
    sql += " AND queue_id = :queue";
    params.emplace_back("queue", *queue);
  }
  return read_all(connection.query(select_from(sql), params));
}

std::vector<InterviewRecord> in_room(Connection& connection, const TenantId& tenant, std::size_t limit) {
  return read_all(connection.query(
      select_from("WHERE tenant_id = :tenant AND (status = 'talking' OR (status IN ('queued', 'ringing') AND "
                  "transfer_from IS NOT NULL)) ORDER BY answered_at, id LIMIT :limit"),
      {{"tenant", tenant}, {"limit", limit}}));
}

std::vector<Key> due(Connection& connection, WallTime now, std::size_t limit) {
  return read_keys(connection.query(
      "SELECT tenant_id, id FROM interviews WHERE deadline_at <= :now ORDER BY deadline_at LIMIT :limit",
      {{"now", now}, {"limit", limit}}));
}

std::optional<WallTime> first_deadline(Connection& connection) {
  const auto row = connection.first("SELECT MIN(deadline_at) FROM interviews");
  return row ? row->opt_time(0) : std::nullopt;
}

std::vector<Key> alive(Connection& connection) {
  return read_keys(
      connection.query("SELECT tenant_id, id FROM interviews WHERE status IN ('queued', 'ringing', 'talking')"));
}

std::optional<TenantId> tenant_of(Connection& connection, const InterviewId& id) {
  const auto row = connection.first("SELECT tenant_id FROM interviews WHERE id = :id", {{"id", id}});
  if (!row) return std::nullopt;
  return row->id<TenantId>(0);
}

bool has_receipt(Connection& connection, const TenantId& tenant, const std::string& receipt_number) {
  return connection
      .first("SELECT 1 FROM interviews WHERE tenant_id = :tenant AND receipt_number = :receipt",
             {{"tenant", tenant}, {"receipt", receipt_number}})
      .has_value();
}

std::string orientation(Connection& connection, const TenantId& tenant, const InterviewId& id) {
  const auto row = connection.first("SELECT orientation FROM interviews WHERE tenant_id = :tenant AND id = :id",
                                    {{"tenant", tenant}, {"id", id}});
  return row ? row->text(0) : std::string();
}

void set_orientation(Transaction& transaction, const TenantId& tenant, const InterviewId& id,
                     const std::string& orientation) {
  transaction.execute("UPDATE interviews SET orientation = :orientation WHERE tenant_id = :tenant AND id = :id",
                      {{"orientation", orientation}, {"tenant", tenant}, {"id", id}});
}

void append_timeline(Transaction& transaction, const TenantId& tenant, const InterviewId& id,
                     const domain::TimelineEntry& entry) {
  transaction.execute(
      "INSERT INTO timeline (tenant_id, interview_id, number, at, kind, data_json, previous_hash, hash) "
      "VALUES (:tenant, :interview, :number, :at, :kind, :data, :previous, :hash)",
      {{"tenant", tenant},
       {"interview", id},
       {"number", entry.number},
       {"at", entry.at},
       {"kind", entry.kind},
       {"data", entry.data_json},
       {"previous", entry.previous_hash},
       {"hash", entry.hash}});
}

namespace {

std::vector<domain::TimelineEntry> entries_where(Connection& connection, const std::string& condition,
                                                 const Params& params) {
  std::vector<domain::TimelineEntry> entries;
  for (const Row& row : connection.query("SELECT number, at, kind, data_json, previous_hash, hash FROM timeline "
                                         "WHERE tenant_id = :tenant AND interview_id = :interview" +
                                             condition + " ORDER BY number",
                                         params)) {
    entries.push_back({row.i64(0), row.time(1), row.text(2), row.text(3), row.text(4), row.text(5)});
  }
  return entries;
}

}  // namespace

std::vector<domain::TimelineEntry> timeline(Connection& connection, const TenantId& tenant, const InterviewId& id) {
  return entries_where(connection, "", {{"tenant", tenant}, {"interview", id}});
}

std::vector<domain::TimelineEntry> timeline_of_kind(Connection& connection, const TenantId& tenant,
                                                    const InterviewId& id, const std::string& kind) {
  return entries_where(connection, " AND kind = :kind", {{"tenant", tenant}, {"interview", id}, {"kind", kind}});
}

}  // namespace tw::store::interviews
