// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"
#include "base/text.hpp"
#include "model/subject.hpp"

#include <algorithm>

namespace sluice::model {
namespace {

constexpr std::size_t most_rows = 10'000'000;
using text::Csv;
using Row = Csv::Row;

struct Columns {
  std::size_t id = 0, label = 0, prediction = 0;
};

Result<Columns> columns_of(const Row& header, const Csv& csv) {
  Columns columns;
  const auto place = [&](std::string_view name, std::size_t& into) -> Status {
    if (std::ranges::count(header, name) != 1) {
      return csv.error("the header must name the column \"" + std::string(name) + "\" once");
    }
    into = static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
    return ok;
  };
  SLUICE_TRY(place("id", columns.id));
  SLUICE_TRY(place("label", columns.label));
  SLUICE_TRY(place("prediction", columns.prediction));
  return columns;
}

Status refuse_repeated(const std::vector<Prediction>& sorted, const std::string& file) {
  const auto twice = std::ranges::adjacent_find(sorted, {}, &Prediction::id);
  if (twice != sorted.end()) {
    return Error{Error::Kind::parse, text::printable(file) + ": two predictions for the id " +
                                         text::quoted(twice->id, 80)};
  }
  return ok;
}

}  // namespace

Result<std::vector<Prediction>> read_predictions(std::string_view bytes, const std::string& file) {
  Csv csv(bytes, file);
  if (csv.at_end()) {
    return csv.error("the file of predictions is empty");
  }
  Row header;
  SLUICE_TRY_ASSIGN(header, csv.next());
  Columns columns;
  SLUICE_TRY_ASSIGN(columns, columns_of(header, csv));
  std::vector<Prediction> found;
  while (!csv.at_end()) {
    Row row;
    SLUICE_TRY_ASSIGN(row, csv.next());
    if (row.size() != header.size()) {
      return csv.error("this row has " + text::counted(row.size(), "field") + ", the header " +
                       std::to_string(header.size()));
    }
    Prediction one{std::move(row[columns.id]), std::move(row[columns.label]),
                   std::move(row[columns.prediction])};
    if (one.id.empty() || one.label.empty() || one.prediction.empty()) {
      return csv.error("an empty id, label or prediction");
    }
    found.push_back(std::move(one));
    if (found.size() > most_rows) {
      return Error{Error::Kind::limit, text::printable(file) + ": more than ten million rows"};
    }
  }
  if (found.empty()) {
    return csv.error("there is no prediction below the header");
  }
  std::ranges::sort(found, {}, &Prediction::id);
  SLUICE_TRY(refuse_repeated(found, file));
  return found;
}

std::optional<double> metric_of(const std::vector<Prediction>& predictions,
                                std::string_view metric,
                                const std::uint32_t* counts) {
  const auto dot = metric.find('.');
  const std::string_view kind = metric.substr(0, dot);
  const std::string_view of =
      dot == std::string_view::npos ? std::string_view{} : metric.substr(dot + 1);
  const bool is_accuracy = metric == "accuracy";
  if (!is_accuracy && (of.empty() || (kind != "recall" && kind != "precision"))) {
    return std::nullopt;
  }
  std::uint64_t right = 0;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const Prediction& p = predictions[i];
    if (!is_accuracy && (kind == "recall" ? p.label : p.prediction) != of) {
      continue;
    }
    const std::uint32_t times = counts == nullptr ? 1 : counts[i];
    all += times;
    right += p.label == p.prediction ? times : 0;
  }
  if (all == 0) {
    return std::nullopt;
  }
  return static_cast<double>(right) / static_cast<double>(all);
}

}  // namespace sluice::model
