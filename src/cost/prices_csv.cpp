// SPDX-License-Identifier: Apache-2.0
#include "cost/prices_csv.hpp"

#include "base/csv.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::cost {
namespace {

enum Column : std::size_t { asset_class, instance_id, instance_id_field, price, column_count };
constexpr std::array<std::string_view, column_count> column_names{
    "AssetClass", "InstanceID", "InstanceIDField", "MarketPriceHourly"};

class CsvPrices {
 public:
  CsvPrices(const std::string& file, PriceUnit unit) : file_(file), unit_(unit) {}

  PricesRead read(std::string_view bytes) && {
    for (const auto line : text::split(bytes, '\n')) {
      ++line_;
      const auto text = text::trim(line);  // of the CR of other systems too
      if (text.empty() || text.starts_with('#')) {
        continue;
      }
      const auto cells = text::Csv(text, file_).next();
      if (!cells) {
        problem("a cell has a quote that is not closed, or text beside it");
      } else if (places_.empty()) {
        read_header(*cells);
      } else {
        read_row(*cells);
      }
      if (places_.empty()) {
        break;
      }
    }
    if (out_.findings.empty() && places_.empty()) {
      problem(
          "there is no header line with AssetClass, InstanceID, InstanceIDField and "
          "MarketPriceHourly");
    }
    prices_.file = file_;
    prices_.currency = "USD";
    if (out_.findings.empty()) {
      out_.prices = std::move(prices_);
    }
    return std::move(out_);
  }

 private:
  void problem(std::string message) {
    out_.findings.push_back({.location = {.file = file_, .line = line_},
                             .code = "cost/bad-prices",
                             .message = std::move(message),
                             .hint = "see OpenCost's pricing_schema.csv"});
  }

  void read_header(const std::vector<std::string>& cells) {
    for (const auto name : column_names) {
      const auto found = std::ranges::find(cells, name);
      if (found == cells.end()) {
        places_.clear();
        return problem("the header has no column " + std::string(name));
      }
      places_.push_back(static_cast<std::size_t>(found - cells.begin()));
    }
  }

  void read_row(const std::vector<std::string>& cells) {
    const auto cell = [&](Column column) {
      const auto place = places_[column];
      return place < cells.size() ? text::trim(cells[place]) : std::string_view{};
    };
    const auto kind = cell(asset_class);
    if (kind != "gpu" && kind != "pv") {
      if (kind != "node") {
        problem(text::quoted(kind, 40) + " is no asset class: node, pv or gpu");
      }
      return;  // the price of a whole node prices no request
    }
    auto money = parse_money(cell(price));
    if (!money || *money < Money()) {
      return problem(text::quoted(cell(price), 40) + " is no price");
    }
    if (unit_ == PriceUnit::monthly) {
      money = Money((money->pico() + prices_.hours_per_month / 2) / prices_.hours_per_month);
    }
    if (kind == "pv") {
      prices_.storage_classes.set(cell(instance_id), *money);
    } else {
      prices_.selections.push_back({std::string(cell(instance_id_field)),
                                    std::string(cell(instance_id)), Rates{{"gpu", *money}}});
    }
  }

  const std::string& file_;
  PriceUnit unit_;
  std::uint32_t line_ = 0;
  std::vector<std::size_t> places_;  ///< of the columns, once the header is read
  Prices prices_;
  PricesRead out_;
};

}  // namespace

PricesRead read_csv_prices(std::string_view bytes, const std::string& file, PriceUnit unit) {
  return CsvPrices(file, unit).read(bytes);
}

}  // namespace sluice::cost
