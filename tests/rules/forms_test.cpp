// SPDX-License-Identifier: Apache-2.0
#include "rules/forms.hpp"

#include "rules/address.hpp"
#include "rules/json_check.hpp"
#include "rules/schedule.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::rules {
namespace {

struct Row {
  Form form;
  std::string text;
  bool good;
};

TEST(Forms, AreThoseOfTheApiServer) {
  const std::string long_label(63, 'a');
  const std::vector<Row> rows{
      {Form::dns_label, "a-1", true},
      {Form::dns_label, long_label, true},
      {Form::dns_label, long_label + "a", false},
      {Form::dns_label, "a.b", false},
      {Form::dns_label, "-a", false},
      {Form::dns_1035_label, "1a", false},
      {Form::dns_subdomain, "a.b-c.1", true},
      {Form::dns_subdomain, "a..b", false},
      {Form::dns_subdomain, std::string(253, 'a'), true},
      {Form::dns_subdomain, std::string(254, 'a'), false},
      {Form::underscore_subdomain, "_sip._tcp.example.com", true},
      {Form::wildcard_subdomain, "*.example.com", true},
      {Form::wildcard_subdomain, "a.*.com", false},
      {Form::path_segment, "system:node", true},
      {Form::path_segment, "a/b", false},
      {Form::path_segment, "..", false},
      {Form::qualified_name, "example.com/Some_name.1", true},
      {Form::qualified_name, "a/b/c", false},
      {Form::qualified_name, "/a", false},
      {Form::label_value, "", true},
      {Form::label_value, "a_", false},
      {Form::port_name, "http-2", true},
      {Form::port_name, "80", false},
      {Form::port_name, "a--b", false},
      {Form::config_key, "..a", false},
      {Form::config_key, "a.b_c-1", true},
      {Form::env_name, "1A", false},
      {Form::relaxed_env_name, "1 A", true},
      {Form::relaxed_env_name, "a=b", false},
      {Form::percent, "25%", true},
      {Form::percent, "%", false},
      {Form::domain_path, "acme.io/foo", true},
      {Form::domain_path, "acme.io/", false},
      {Form::sysctl, "net/ipv4.ip_forward", true},
      {Form::csi_driver, "CSI.example.com", true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(has_form(row.form, row.text), row.good);
  }
  EXPECT_TRUE(has_form_as_prefix(Form::dns_subdomain, "web-"));
  EXPECT_FALSE(has_form_as_prefix(Form::dns_subdomain, "Web-"));
}

TEST(Addresses, AreReadAsOldFieldsReadThem) {
  for (const std::string good : {"10.0.0.1", "010.0.0.1", "::", "::1", "1::", "fd00::1:2",
                                 "::ffff:10.0.0.1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4"}) {
    EXPECT_TRUE(parse_address(good)) << good;
  }
  for (const std::string bad : {"", "10.0.0", "10.0.0.256", "1:2:3:4:5:6:7", "1::2::3", "::1%eth0",
                                "1:2:3:4:5:6:7:8:9", ":1", "1:", "a", "1.2.3.4.5", "12345::"}) {
    EXPECT_FALSE(parse_address(bad)) << bad;
  }
  EXPECT_TRUE(parse_address("127.0.0.1")->is_loopback());
  EXPECT_TRUE(parse_address("fe80::1")->is_link_local());
  for (const std::string bad : {"10.0.0.0", "10.0.0.0/33", "fd00::/129", "10.0.0.0/-1", "a/8"}) {
    EXPECT_FALSE(parse_network(bad)) << bad;
  }
  const auto outer = parse_network("10.0.0.0/8");
  EXPECT_TRUE(outer->strictly_contains(*parse_network("10.9.0.0/16")));
  EXPECT_FALSE(outer->strictly_contains(*parse_network("10.0.0.0/8")));
  EXPECT_FALSE(outer->strictly_contains(*parse_network("11.0.0.0/16")));
}

TEST(Schedules, AreThoseOfTheController) {
  for (const std::string good : {"* * * * *", "*/5 8-18,20 1,15 JAN-mar sun", "@daily",
                                 "@every 1h30m", "0 0 1 1 ?", "5/15 * * * *", ", * * * *"}) {
    EXPECT_EQ(wrong_schedule(good), "") << good;
  }
  for (const std::string bad :
       {"* * * *", "60 * * * *", "* * 0 * *", "* * * * 7", "*/0 * * * *", "5-1 * * * *", "@never",
        "@every 1d", "TZ=UTC * * * * *", "a * * * *", "1-2-3 * * * *", "1/2/3 * * * *"}) {
    EXPECT_NE(wrong_schedule(bad), "") << bad;
  }
  EXPECT_TRUE(is_time_zone("Europe/Berlin"));
  EXPECT_FALSE(is_time_zone("europe/berlin"));
  EXPECT_FALSE(is_time_zone("Local"));
}

TEST(JsonObjects, AreReadAsGoReadsThem) {
  for (const std::string good :
       {"{}", " null ", "{\"a\": [1, -2.5e3, \"\\u00e9\", {\"b\": true}]}", "{\"a\":{}}"}) {
    EXPECT_TRUE(is_json_object(good)) << good;
  }
  for (const std::string bad : {"", "[]", "{", "{a: b}", "{\"a\":1,}", "{} {}", "{\"a\":01}",
                                "{\"a\":\"\n\"}", "{\"a\":tru}"}) {
    EXPECT_FALSE(is_json_object(bad)) << bad;
  }
  EXPECT_TRUE(is_json_object("{\"a\":" + std::string(9000, '[') + std::string(9000, ']') + "}"));
  EXPECT_FALSE(is_json_object("{\"a\":" + std::string(1'000'000, '[') + "}"));
}

}  // namespace
}  // namespace sluice::rules
