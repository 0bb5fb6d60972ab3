// SPDX-License-Identifier: Apache-2.0
#include "helm/frozen_chart.hpp"

#include "helm/freeze.hpp"
#include "helm/judge.hpp"
#include "io/files.hpp"

#include <atomic>
#include <filesystem>

namespace sluice::helm {

FrozenChart::~FrozenChart() {
  if (!chart_.folder.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(chart_.folder, ignored);
  }
}

Result<const Request*> FrozenChart::request() {
  if (chart_.folder.empty()) {
    SLUICE_TRY(make());
  }
  return &request_;
}

Result<const Rendered*> FrozenChart::render(const Rendered& first) {
  if (!rendered_) {
    const Request* copy = nullptr;
    SLUICE_TRY_ASSIGN(copy, request());
    Rendered rendered;
    SLUICE_TRY_ASSIGN(rendered, render_unchanged(runner_, settings_, *copy, first));
    rendered_ = std::move(rendered);
  }
  return &*rendered_;
}

Status FrozenChart::make() {
  static std::atomic<std::uint64_t> next{0};
  ChartFiles files;
  SLUICE_TRY_ASSIGN(files, read_chart_files(settings_.root, *request_.chart));
  const auto& chart = request_.chart->chart;
  chart_.chart = {.folder = chart.folder, .name = chart.name};
  chart_.folder = settings_.sandbox + "/frozen/" + std::to_string(next++);
  for (const auto& [path, text] : files) {
    const auto frozen = is_template(path) ? freeze_template(text) : std::nullopt;
    SLUICE_TRY(io::write_atomically(chart_.folder + "/" + path, frozen ? *frozen : text));
  }
  if (request_.chart->digest) {
    chart_.digest = cache::Key("frozen chart").add(hex(*request_.chart->digest)).finish();
  }
  request_.chart = &chart_;
  return ok;
}

}  // namespace sluice::helm
