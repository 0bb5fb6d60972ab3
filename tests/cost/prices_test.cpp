// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

namespace sluice::cost {
namespace {

std::string exact(std::string_view text) {
  const auto money = parse_money(text);
  return money ? exact_text(*money) : "refused";
}

TEST(Money, Table) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"0.031611", "0.031611"},
      {"12", "12"},
      {"1e-5", "0.00001"},
      {"1.50", "1.5"},
      {"-2", "-2"},
      {".5", "0.5"},
      {"5.", "5"},
      {"+1", "1"},
      {"0.000000000001", "0.000000000001"},
      {"1E3", "1000"},
      {"1.0e+2", "100"},
      {"0.0000000000001", "refused"},
      {"", "refused"},
      {".", "refused"},
      {"1,5", "refused"},
      {"1 ", "refused"},
      {"0x1", "refused"},
      {"999999999999999999999999", "999999999999999999999999"},
      {"1e30", "refused"},
      {"NaN", "refused"},
      {"1e", "refused"},
      {"--1", "refused"},
      {"1.2.3", "refused"},
  };
  for (const auto& [text, expected] : rows) {
    SCOPED_TRACE(text);
    EXPECT_EQ(exact(text), expected);
  }
  EXPECT_EQ(people_text(*parse_money("1234567.895")), "1,234,567.90");
  EXPECT_EQ(people_text(*parse_money("0.005")), "0.01");
  EXPECT_EQ(people_text(*parse_money("0.0049")), "0.00");
  EXPECT_EQ(people_text(*parse_money("-0.001")), "0.00");
  EXPECT_EQ(signed_text(*parse_money("999.999")), "+1,000.00");
  EXPECT_EQ(signed_text(*parse_money("-1.5")), "-1.50");
}

Prices prices(const std::string& json, PriceUnit unit = PriceUnit::hourly) {
  auto read = read_prices(json, "prices.json", unit);
  if (!read.prices) {
    throw std::runtime_error(read.findings.at(0).message);
  }
  return std::move(*read.prices);
}

const std::string usual =
    R"({"currencyCode": "EUR", "CPU": "0.02", "RAM": "0.003", "GPU": "0.95", "storage": "0.00005",
        "spotCPU": "0.005", "defaultLBPrice": "0.025",
        "x-cost-proxy": {"resources": {"nvidia.com/mig-1g.10gb": "0.5"},
                         "select": [{"label": "gpu", "value": "a100", "GPU": "3.5"}],
                         "storageClass": {"gp3": "0.0001"}}})";

TEST(Prices, ChargeAnHour) {
  const auto list = prices(usual);
  const std::vector<NodeLabel> a100{{"zone", "a"}, {"gpu", "a100"}};
  const std::vector<NodeLabel> spot{{"karpenter.sh/capacity-type", "spot"}};
  struct Case {
    std::string what, resource, quantity;
    std::vector<NodeLabel> node;
    std::string money;
  };
  const std::vector<Case> cases = {
      {"a core", "cpu", "1500m", {}, "0.03"},
      {"a GiB", "memory", "512Mi", {}, "0.0015"},
      {"rounded to the nearest trillionth", "memory", "1", {}, "0.000000000003"},
      {"a device", "nvidia.com/gpu", "2", {}, "1.9"},
      {"another maker's", "amd.com/gpu", "1", {}, "0.95"},
      {"on selected nodes", "nvidia.com/gpu", "2", a100, "7"},
      {"selected nodes have the usual cores", "cpu", "1", a100, "0.02"},
      {"its own price goes first", "nvidia.com/mig-1g.10gb", "1", {}, "0.5"},
      {"spot", "cpu", "1", spot, "0.005"},
      {"spot without a price of its own", "memory", "1Gi", spot, "0.003"},
      {"a class of storage", storage_name("gp3"), "10Gi", {}, "0.001"},
      {"any other class", storage_name("io2"), "10Gi", {}, "0.0005"},
      {"a balancer", "services.loadbalancers", "1", {}, "0.025"},
      {"without a price", "ephemeral-storage", "1Gi", {}, "0 unpriced"},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.what);
    const auto found = charge(list, {{row.resource, *k8s::parse_quantity(row.quantity)}}, row.node);
    EXPECT_EQ(exact_text(found.per_hour) + (found.unpriced.empty() ? "" : " unpriced"), row.money);
  }
  EXPECT_EQ(placement(list, a100), "gpu=a100");
  EXPECT_EQ(placement(list, spot), "spot");
  EXPECT_EQ(placement(list, {}), "");
}

TEST(Prices, DiscountsAndMonths) {
  const auto discounted = prices(
      R"({"CPU": "1", "RAM": "1", "GPU": "1", "discount": "30%", "negotiatedDiscount": "50"})");
  EXPECT_EQ(exact_text(*discounted.rates.find("cpu")), "0.35");
  EXPECT_EQ(exact_text(*discounted.rates.find("gpu")), "1");
  EXPECT_EQ(discounted.currency, "USD");
  const auto monthly =
      prices(R"({"CPU": "14.6", "x-cost-proxy": {"hoursPerMonth": "720"}})", PriceUnit::monthly);
  EXPECT_EQ(exact_text(*monthly.rates.find("cpu")), "0.020277777778");
}

TEST(Prices, Refusals) {
  struct Case {
    std::string json, message;
    std::uint32_t line;
  };
  const std::vector<Case> cases = {
      {"{\"CPU\":\n\"-1\"}", "the price of CPU is negative: -1", 2},
      {"{\"CPU\":\n\"a\"}", "the price of CPU, \"a\", is no number", 2},
      {"{\"CPU\": [1]}", "is no number", 1},
      {"{\n\n\"RAM\": \"1e40\"}", "the price of RAM, \"1e40\", is no number", 3},
      {"{\"currencyCode\": \"EURO\"}", "\"EURO\" is no currency", 1},
      {"{\"currencyCode\": \"D E\"}", "is no currency", 1},
      {"{\"discount\": \"110%\"}", "is no discount", 1},
      {"{\"x-cost-proxy\": {\"hoursPerMonth\": \"0\"}}", "is no number of hours", 1},
      {"{\"x-cost-proxy\": {\"selct\": []}}", "unknown key \"selct\"", 1},
      {"{\"x-cost-proxy\": {\"select\": [{\"label\": \"x\"}]}}", "needs a label and a value", 1},
      {"{\"x-cost-proxy\": {\"resources\": {\"a b\": \"1\"}}}", "is no name of a resource", 1},
      {"[1]", "one JSON object", 0},
      {"", "one JSON object", 0},
      {"{\"CPU\": \"1\"", "", 1},
      {"{\"CPU\": \"1\", \"CPU\": \"2\"}", "", 1},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.json);
    const auto read = read_prices(row.json, "prices.json", PriceUnit::hourly);
    EXPECT_FALSE(read.prices);
    ASSERT_FALSE(read.findings.empty());
    EXPECT_EQ(read.findings[0].code, "cost/bad-prices");
    EXPECT_EQ(read.findings[0].location.file, "prices.json");
    EXPECT_EQ(read.findings[0].location.line, row.line);
    EXPECT_NE(read.findings[0].message.find(row.message), std::string::npos)
        << read.findings[0].message;
  }
}

TEST(Prices, Csv) {
  const std::string header =
      "# made by hand\nEndTimestamp,InstanceID,Region,AssetClass,InstanceIDField,InstanceType,"
      "MarketPriceHourly,Version\n";
  const auto read = read_prices(
      header +
          ",H100,,gpu,gpu.nvidia.com/class,,4.2,\r\n,\"gp,3\",,pv,spec.storageClassName,,0.0001,\n"
          ",node-1,,node,metadata.name,,0.5,\n",
      "p.csv", PriceUnit::hourly);
  ASSERT_TRUE(read.prices);
  EXPECT_EQ(exact_text(*read.prices->storage_classes.find("gp,3")), "0.0001");
  const std::vector<NodeLabel> node{{"gpu.nvidia.com/class", "H100"}};
  EXPECT_EQ(
      exact_text(
          charge(*read.prices, {{"nvidia.com/gpu", *k8s::parse_quantity("2")}}, node).per_hour),
      "8.4");
  for (const auto& [rows, line] : std::vector<std::pair<std::string, std::uint32_t>>{
           {",x,,gpu,l,,-1,\n", 3U}, {",x,,disk,l,,1,\n", 3U}, {",x,,pv,l,,dear,\n", 3U}}) {
    SCOPED_TRACE(rows);
    const auto bad = read_prices(header + rows, "p.csv", PriceUnit::hourly);
    ASSERT_EQ(bad.findings.size(), 1U);
    EXPECT_EQ(bad.findings[0].location.line, line);
  }
  EXPECT_FALSE(read_prices("a,b\n1,2\n", "p.csv", PriceUnit::hourly).prices);
  EXPECT_FALSE(read_prices("", "p.csv", PriceUnit::hourly).prices);
}

TEST(Prices, OfWorkloads) {
  const auto list = prices(usual);
  const auto loaded = load(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {team: a}}\nspec: "
      "{replicas: 2, strategy: {type: Recreate}, template: {spec: {nodeSelector: {gpu: a100}, "
      "containers: [{name: a, resources: {requests: {cpu: 1, memory: 1Gi, ephemeral-storage: 1Gi, "
      "nvidia.com/gpu: 1}}}]}}}\n",
      {}, &list);
  const auto totals = totals_of(loaded->workload("web"));
  EXPECT_EQ(exact_text(totals.costs.steady_max), "7.046");
  EXPECT_EQ(totals.unpriced, std::vector<std::string>{"ephemeral-storage"});
  const auto report = finish(compare(nullptr, loaded->account), &list);
  EXPECT_EQ(report.prices->currency, "EUR");
  const auto by_team = slices(report.groups, {Dimension::team});
  ASSERT_EQ(by_team.size(), 1U);
  EXPECT_EQ(by_team[0].values, std::vector<std::string>{"a"});
  EXPECT_EQ(exact_text(by_team[0].head.costs.steady_max), "7.046");
}

}  // namespace
}  // namespace sluice::cost
