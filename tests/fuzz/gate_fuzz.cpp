// SPDX-License-Identifier: Apache-2.0
// libFuzzer over what the gate over scanners reads; the first byte chooses the reader. A report
// that is read must survive what the gate does with it, and the JSON reader must agree with
// nlohmann's on what is JSON at all.
#include "base/text.hpp"
#include "gate/json_cursor.hpp"
#include "gate/judge.hpp"
#include "gate/policy.hpp"
#include "gate/read.hpp"
#include "gate/record.hpp"
#include "gate/vex.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace sluice;

/// Events of nlohmann's parser; only whether it takes the text matters.
struct Taken : nlohmann::json::json_sax_t {
  bool is_number_too_large = false;
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& e) override {
    is_number_too_large = e.id == 406;
    return false;
  }
};

void compare_json(const std::string& bytes) {
  gate::JsonCursor json(bytes);
  json.skip();
  json.finish();
  Taken peer;
  const bool peer_takes = nlohmann::json::sax_parse(bytes, &peer);
  if (!json.failed()) {
    if (!peer_takes && !peer.is_number_too_large) {
      std::abort();
    }
    return;
  }
  // Stricter on purpose: repeated keys, depth, a byte-order mark.
  const std::string& why = json.problem();
  const bool on_purpose = why.find("is there twice") != std::string::npos ||
                          why.find("within each other") != std::string::npos ||
                          bytes.starts_with("\xEF\xBB\xBF");
  if (peer_takes && !on_purpose) {
    std::abort();
  }
}

/// What a run does with a report: digests, doubts, the judgement, a baseline that reads back.
void use(gate::Report report, const std::string& format) {
  gate::Policy policy;
  policy.scans.push_back({.name = "scan", .format = format, .subject = gate::Bound::commit});
  policy.waivers.push_back({.id = "CVE-2026-1", .package = "*", .expires = "2026-12-31"});
  gate::salt_digests("salt", report);
  std::vector<gate::Delivered> delivered;
  delivered.push_back({.scan = &policy.scans.front(), .file = "r", .report = std::move(report)});
  const gate::Question question{.image = "", .commit = "c", .now = time::Seconds{}};
  (void)gate::doubts(delivered.front(), question);
  const auto baseline =
      gate::read_baseline_file(gate::write_baseline_file(delivered, question.now));
  if (!baseline) {
    std::abort();
  }
  diag::Report out;
  gate::judge(policy, delivered, &*baseline, question, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t readers = gate::formats().size();
  const std::size_t which = data[0] % (readers + 5);
  if (which < readers) {
    const std::string format(gate::formats()[which]);
    if (auto report = gate::read_report(format, bytes)) {
      use(std::move(*report), format);
    }
  } else if (which == readers) {
    (void)gate::read_record(bytes);
  } else if (which == readers + 1) {
    (void)gate::read_baseline_file(bytes);
  } else if (which == readers + 2) {
    (void)gate::parse_policy(bytes, "gates.yaml");
  } else if (which == readers + 3) {
    if (const auto vex = gate::read_vex(bytes)) {
      (void)gate::set_aside_by(*vex, {.id = "CVE-2026-1", .purl = "pkg:deb/debian/zlib@1"}, "");
    }
  } else {
    compare_json(bytes);
  }
  return 0;
}
