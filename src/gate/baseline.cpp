// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "gate/json_cursor.hpp"
#include "gate/judge.hpp"

#include <array>
#include <utility>

namespace sluice::gate {
namespace {

constexpr std::string_view schema = "sluice.scan-baseline/v1";
constexpr std::array counts = {
    std::pair{"packages", &Coverage::packages}, std::pair{"files", &Coverage::files},
    std::pair{"tests", &Coverage::tests}, std::pair{"commits", &Coverage::commits}};

void read_scan(JsonCursor& json, Seen& seen) {
  json.object([&](std::string_view key) {
    if (key == "findings") {
      json.object([&](std::string_view finding) {
        std::string name(finding);
        seen.keys[std::move(name)] = json.number();
      });
      return;
    }
    for (const auto& [name, member] : counts) {
      if (key == name) {
        seen.coverage.*member = json.number();
        return;
      }
    }
    json.fail("changed schema: a scan of the baseline has the unknown member " +
              text::quoted(key, 40));
  });
}

}  // namespace

Result<BaselineData> read_baseline_file(std::string_view bytes) {
  BaselineData baseline;
  std::string named;
  JsonCursor json(bytes);
  json.object([&](std::string_view key) {
    if (key == "schema") {
      named = json.text();
    } else if (key == "created") {
      baseline.created = json.text();
    } else if (key == "scans") {
      json.object([&](std::string_view name) {
        const std::string scan(name);
        read_scan(json, baseline.scans[scan]);
      });
    } else {
      json.fail("changed schema: the baseline has the unknown member " + text::quoted(key, 40));
    }
  });
  json.finish();
  if (json.failed()) {
    return Error{Error::Kind::parse, json.problem()};
  }
  if (named != schema || !time::parse(baseline.created)) {
    return Error{Error::Kind::parse, "wrong file: no baseline, which has schema " +
                                         std::string(schema) + " and created"};
  }
  return baseline;
}

std::string write_baseline_file(const std::vector<Delivered>& delivered, time::Seconds now) {
  std::string out = "{\n  \"schema\": \"" + std::string(schema) + "\",\n  \"created\": \"" +
                    time::to_string(now) + "\",\n  \"scans\": {";
  bool first_scan = true;
  for (const Delivered& one : delivered) {
    std::map<std::string, std::uint64_t> keys;
    for (const Finding& finding : one.report.findings) {
      if (finding.suppressed.empty()) {
        ++keys[finding.key()];
      }
    }
    out += first_scan ? "\n    " : ",\n    ";
    first_scan = false;
    text::append_json_string(one.scan->name, out);
    out += ": {";
    for (const auto& [name, member] : counts) {
      if (const auto& value = one.report.coverage.*member) {
        out += "\n      \"" + std::string(name) + "\": " + std::to_string(*value) + ',';
      }
    }
    out += "\n      \"findings\": {";
    bool first = true;
    for (const auto& [key, number] : keys) {
      out += first ? "\n        " : ",\n        ";
      first = false;
      text::append_json_string(key, out);
      out += ": " + std::to_string(number);
    }
    out += keys.empty() ? "}\n    }" : "\n      }\n    }";
  }
  return out + "\n  }\n}\n";
}

}  // namespace sluice::gate
