// Pieces that the figures of this folder share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pages/figure.h"
#include "report/svg.h"
#include "report/thin.h"

namespace lightsout {

void put_path(Html& html, Literal style, const SvgPath& path);
// The stretches without a number, hatched by their state.
void put_gaps(Html& html, const Series& series, const TimeRange& range, int columns, int height);
void put_label(Html& html, std::string_view label, std::string_view detail);
void put_figure_title(Html& html, const FigureText& text);
void put_axes(Html& html, const PageContext& context, const Scene& scene);
void put_lanes(Html& html, const PageContext& context, const Scene& scene);
void put_mark_legend(Html& html, const PageContext& context, const Scene& scene);
void put_plot_keys(Html& html, const PageContext& context);
// The data of a figure as a table in <details>, with each plot in words above it when asked for.
void put_figure_table(Html& html, const PageContext& context, const Scene& scene,
                      const std::vector<std::size_t>& rows, bool words);

}  // namespace lightsout
