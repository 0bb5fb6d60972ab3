// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "diag/json.hpp"
#include "diag/write.hpp"

#include <initializer_list>
#include <limits>
#include <set>

namespace sluice::diag {

namespace {

/// Why a text is no report; caught at the end of this file, where the Result is made.
struct NotAReport {
  std::string reason;
};

/// One JSON object, read member by member; what nobody asked for is an error.
class Members {
 public:
  Members(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
    if (!json.is_object()) {
      throw NotAReport{place_ + " is not an object"};
    }
  }

  const Json* optional(const std::string& key) {
    asked_.insert(key);
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }

  const Json& required(const std::string& key) {
    const Json* value = optional(key);
    if (value == nullptr) {
      throw NotAReport{place_ + " has no \"" + key + '"'};
    }
    return *value;
  }

  std::string text(const std::string& key) { return as_text(required(key), key); }

  std::string text_or_empty(const std::string& key) {
    const Json* value = optional(key);
    return value == nullptr ? std::string() : as_text(*value, key);
  }

  std::uint32_t number(const std::string& key) { return as_number(required(key), key); }

  std::uint32_t number_or_zero(const std::string& key) {
    const Json* value = optional(key);
    return value == nullptr ? 0 : as_number(*value, key);
  }

  const Json& list(const std::string& key) {
    const Json& value = required(key);
    if (!value.is_array()) {
      throw NotAReport{place_ + '/' + key + " is not a list"};
    }
    return value;
  }

  std::vector<std::string> texts(const std::string& key) {
    std::vector<std::string> items;
    for (const Json& item : list(key)) {
      items.push_back(as_text(item, key));
    }
    return items;
  }

  /// Call when all that is known has been asked for.
  void done() const {
    for (const auto& [key, value] : json_.items()) {
      if (!asked_.contains(key)) {
        throw NotAReport{place_ + " has the unknown member \"" + text::printable(key) + '"'};
      }
    }
  }

 private:
  std::string as_text(const Json& value, const std::string& key) const {
    if (!value.is_string()) {
      throw NotAReport{place_ + '/' + key + " is not a string"};
    }
    return value.get<std::string>();
  }

  std::uint32_t as_number(const Json& value, const std::string& key) const {
    if (!value.is_number_unsigned() ||
        value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
      throw NotAReport{place_ + '/' + key + " is not a count"};
    }
    return value.get<std::uint32_t>();
  }

  const Json& json_;
  std::string place_;
  std::set<std::string> asked_;
};

Location read_location(const Json& json, const std::string& place) {
  Members members(json, place);
  Location location{.file = members.text("file"),
                    .line = members.number_or_zero("line"),
                    .column = members.number_or_zero("column")};
  members.done();
  return location;
}

ObjectRef read_object(const Json& json, const std::string& place) {
  Members members(json, place);
  ObjectRef object{.api_version = members.text_or_empty("apiVersion"),
                   .kind = members.text_or_empty("kind"),
                   .name_space = members.text_or_empty("namespace"),
                   .name = members.text_or_empty("name")};
  members.done();
  return object;
}

Severity read_severity(const std::string& word) {
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    if (word == name(severity)) {
      return severity;
    }
  }
  throw NotAReport{"\"" + text::printable(word) + "\" is not a severity"};
}

Finding read_finding(const Json& json, const std::string& place) {
  Members members(json, place);
  Finding finding{.location = read_location(members.required("location"), place + "/location"),
                  .code = members.text("code"),
                  .severity = read_severity(members.text("severity")),
                  .message = members.text("message"),
                  .hint = members.text_or_empty("hint"),
                  .path = members.text_or_empty("path"),
                  .unit = members.text_or_empty("unit"),
                  .env = members.text_or_empty("env")};
  if (const Json* object = members.optional("resource"); object != nullptr) {
    finding.object = read_object(*object, place + "/resource");
  }
  if (const Json* rendered = members.optional("rendered"); rendered != nullptr) {
    finding.rendered = read_location(*rendered, place + "/rendered");
  }
  static_cast<void>(members.text("fingerprint"));
  members.done();
  return finding;
}

RecordedReport read_report(const Json& json) {
  Members members(json, "the report");
  RecordedReport recorded;
  Report& report = recorded.report;
  report.tool = members.text("tool");
  report.now = members.text_or_empty("now");
  report.summary = members.texts("summary");
  report.no_verdict = members.texts("no_verdict");
  report.skipped = members.texts("skipped");
  for (const char* key : {"version", "verdict"}) {
    static_cast<void>(members.text(key));
  }
  static_cast<void>(members.required("counts"));
  std::size_t index = 0;
  for (const Json& finding : members.list("findings")) {
    report.findings.push_back(read_finding(finding, "findings/" + std::to_string(index++)));
  }
  const std::uint32_t exit = members.number("exit");
  members.done();
  // The announced code must be one that some --fail-on gives for these findings.
  bool possible = false;
  for (const FailOn fail_on : {FailOn::error, FailOn::warning, FailOn::never}) {
    possible = possible || exit == static_cast<std::uint32_t>(exit_code(report, fail_on));
  }
  if (!possible) {
    throw NotAReport{"exit " + std::to_string(exit) + " does not fit its findings"};
  }
  recorded.exit = static_cast<int>(exit);
  return recorded;
}

/// Throws on a member that is there twice, which the parser itself would let pass.
Json parse_strictly(std::string_view text) {
  std::vector<std::set<std::string>> open;
  const auto watch = [&open](int /*depth*/, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      open.pop_back();
    } else if (event == Json::parse_event_t::key &&
               !open.back().insert(parsed.get<std::string>()).second) {
      throw NotAReport{"member \"" + text::printable(parsed.get<std::string>()) +
                       "\" is there twice"};
    }
    return true;
  };
  return Json::parse(text, watch);
}

}  // namespace

Result<RecordedReport> read_recorded(std::string_view text) try {
  return read_report(parse_strictly(text));
} catch (const NotAReport& not_a_report) {
  return Error{Error::Kind::parse, "not a report: " + not_a_report.reason};
} catch (const Json::exception& e) {
  return Error{Error::Kind::parse, "not a report: " + text::printable(e.what())};
}

Result<Report> read_json(std::string_view text) {
  RecordedReport recorded;
  SLUICE_TRY_ASSIGN(recorded, read_recorded(text));
  return std::move(recorded.report);
}

}  // namespace sluice::diag
