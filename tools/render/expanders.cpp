// SPDX-License-Identifier: Apache-2.0
#include "render/expanders.hpp"

#include "argo/templater.hpp"
#include "flux/expand.hpp"
#include "k8s/resource.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::render {
namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void append(delivery::Expansion& to, delivery::Expansion from) {
  append(to.units, from.units);
  append(to.unrenderable, from.unrenderable);
  append(to.findings, from.findings);
  append(to.inputs, from.inputs);
}

argo::TemplaterMemory memory_in(const cache::Store* store, const Programs& programs) {
  if (store == nullptr) {
    return {};
  }
  const auto key = [&programs](const std::string& question) -> std::optional<Digest> {
    const auto& helm = programs.helm();
    return helm ? std::optional(cache::Key("go templates 1").add(*helm).add(question).finish())
                : std::nullopt;
  };
  return {.recall = [store, key](const auto& question) -> std::optional<std::string> {
            const auto digest = key(question);
            return digest ? store->get(*digest) : std::nullopt;
          },
          .remember =
              [store, key](const auto& question, const auto& answer) {
                if (const auto digest = key(question)) {
                  store->put(*digest, answer);
                }
              }};
}

}  // namespace

struct Expanders::Parts {
  const delivery::Repository& repository;
  std::unique_ptr<argo::Templater> templater;
  argo::Options known;
  flux::Catalogue rendered, written;  ///< what Flux objects refer to, in the run and before it
  argo::Memory memory = {};
};

Expanders::Expanders(const delivery::Repository& repository,
                     const proc::Runner& runner,
                     const cache::Store* store,
                     const Programs& programs,
                     argo::Options known)
    : parts_(new Parts{
          repository, argo::make_helm_templater(runner, "helm", memory_in(store, programs)),
          std::move(known), flux::Catalogue(repository), flux::Catalogue(repository)}) {}

Expanders::~Expanders() = default;

delivery::Expansion Expanders::expand(const yaml::Stream& stream,
                                      const std::string& chain,
                                      Templates templates) const {
  auto all = expand_argo(stream, chain, templates);
  append(all, expand_flux(stream, chain, templates));
  return all;
}

delivery::Expansion Expanders::expand_argo(const yaml::Stream& stream,
                                           const std::string& chain,
                                           Templates templates) const {
  auto options = parts_->known;
  options.chain = chain;
  options.memory = &parts_->memory;
  options.templater = templates == Templates::run ? parts_->templater.get() : nullptr;
  std::vector<diag::Finding> ignored;  // whoever reads our stream meets them again
  return argo::expand(k8s::resources(stream, ignored), parts_->repository, options);
}

delivery::Expansion Expanders::expand_flux(const yaml::Stream& stream,
                                           const std::string& chain,
                                           Templates templates) const {
  std::vector<diag::Finding> ignored;
  return flux::expand(
      k8s::resources(stream, ignored), parts_->repository,
      {.chain = chain,
       .catalogue = templates == Templates::run ? &parts_->rendered : &parts_->written});
}

bool may_expand(const Delivery& delivery) {
  constexpr std::string_view groups[] = {"argoproj.io/", "toolkit.fluxcd.io/"};
  return std::any_of(delivery.pieces.begin(), delivery.pieces.end(), [&](const auto& piece) {
    return std::any_of(std::begin(groups), std::end(groups),
                       [&](auto group) { return piece.bytes.find(group) != std::string::npos; });
  });
}

}  // namespace sluice::render
