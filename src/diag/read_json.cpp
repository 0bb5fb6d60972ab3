// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "diag/members.hpp"
#include "diag/write.hpp"

#include <initializer_list>

namespace sluice::diag {

namespace {

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
  throw Unreadable{"\"" + text::printable(word) + "\" is not a severity"};
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
    throw Unreadable{"exit " + std::to_string(exit) + " does not fit its findings"};
  }
  recorded.exit = static_cast<int>(exit);
  return recorded;
}

}  // namespace

Result<RecordedReport> read_recorded(std::string_view text) try {
  return read_report(parse_strictly(text));
} catch (const Unreadable& unreadable) {
  return Error{Error::Kind::parse, "not a report: " + unreadable.reason};
} catch (const Json::exception& e) {
  return Error{Error::Kind::parse, "not a report: " + text::printable(e.what())};
}

Result<Report> read_json(std::string_view text) {
  RecordedReport recorded;
  SLUICE_TRY_ASSIGN(recorded, read_recorded(text));
  return std::move(recorded.report);
}

}  // namespace sluice::diag
