// SPDX-License-Identifier: Apache-2.0
#include "report/style.h"

#include "report/palette.h"

namespace lightsout {

namespace {

constexpr std::string_view kPage = R"(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main{max-width:62rem;margin:0 auto;padding:0 1.25rem 4rem}
a{color:inherit;text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,.wide:focus-visible{outline:2px solid var(--line);outline-offset:2px}
header{display:flex;gap:.2rem 1rem;align-items:baseline;flex-wrap:wrap;border-bottom:1px solid var(--rule);padding:.8rem 0;font-size:.85rem;color:var(--soft)}
header b{color:var(--ink);letter-spacing:.02em}
header .end{margin-inline-start:auto}
.pill{border:1px solid var(--hot);color:var(--hot);border-radius:99px;padding:.05rem .6rem;font-weight:600}
.pill.calm{border-color:var(--cold);color:var(--cold)}
.banner{background:var(--banner);color:var(--on-banner);padding:.7rem 1.25rem;margin:0;font-weight:600;border-bottom:4px solid var(--hot);text-align:center;max-width:none}
h1,h2,.kf dd{font-family:Georgia,"Noto Serif","Liberation Serif",serif;font-weight:600}
h1{font-size:clamp(1.75rem,4.4vw,2.75rem);line-height:1.14;margin:1.6rem 0 .5rem;max-width:24ch;text-wrap:balance}
.dek{font-size:1.12rem;max-width:44rem;margin:.2rem 0 1.5rem}
.dek span{color:var(--soft)}
.kf{display:grid;grid-template-columns:repeat(4,1fr);border-block:1px solid var(--rule);margin:0 0 2rem}
.kf div{padding:.7rem .9rem;border-inline-start:1px solid var(--rule)}
.kf div:first-child{border:0;padding-inline-start:0}
dt{font-size:.8rem;color:var(--soft)}
.kf dd{margin:0;font-size:1.45rem;line-height:1.25}
.kf small{font:400 .8rem/1.4 system-ui,"Noto Sans",sans-serif;color:var(--soft);display:block}
section{margin-top:2.2rem}
h2{font-size:1.2rem;line-height:1.3;margin:0 0 .5rem}
p,ul,ol{max-width:46rem;margin:.4rem 0}
ul,ol{padding-inline-start:1.2rem}
.note{color:var(--soft);font-size:.88rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border-inline-start:3px solid var(--rule);padding:.3rem .8rem;font-size:.82rem;margin:.4rem 0}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th{font-weight:600;text-align:start;color:var(--soft);font-size:.8rem;vertical-align:bottom}
td,th{padding:.42rem .9rem .42rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
.n{text-align:end;white-space:nowrap}
.soft{color:var(--soft);font-size:.88rem}
.strong{font-weight:600}
.for{color:var(--cold)}
.hash{overflow-wrap:anywhere;font-size:.74rem}
.wide{overflow-x:auto;max-height:26rem}
.data td,.data th{padding:.15rem .8rem .15rem 0;white-space:nowrap;font-size:.8rem}
details{margin:.5rem 0}
summary{cursor:pointer;text-decoration:underline;text-underline-offset:.15em}
footer{margin-top:2.6rem;border-top:1px solid var(--rule);padding-top:.8rem;font-size:.82rem;color:var(--soft)}
)";

constexpr std::string_view kFigures = R"(
.fig{margin:0 0 2.2rem}
.row{display:grid;grid-template-columns:12.5rem 1fr 7rem;align-items:start}
.lab{text-align:end;padding-inline-end:2.7rem;font-size:.8rem;line-height:1.3}
.lab b{display:block;font-weight:600}
.lab span,.loss span{color:var(--soft);font-size:.72rem;display:block;line-height:1.35}
.plot{position:relative}
.plot svg{display:block;width:100%;overflow:visible}
.pl{padding-bottom:.5rem}
.pl svg{height:74px}
.loss{padding-inline-start:.7rem;font-size:.8rem}
.loss b{font:600 1.05rem/1.2 Georgia,"Noto Serif","Liberation Serif",serif;color:var(--hot);display:block}
.loss .ok{color:var(--cold)}
.plot i{font-style:normal}
.y0,.y1{position:absolute;inset-inline-end:100%;margin-inline-end:.35rem;font-size:.66rem;color:var(--soft);line-height:1;white-space:nowrap}
.y1{top:0}.y0{bottom:0}
.lane .plot{height:1.15rem;margin-bottom:.35rem}
.thinlane .plot{height:.7rem}
.ph,.wi{position:absolute;top:0;bottom:0;border-radius:2px;min-width:2px;overflow:hidden;font-size:.68rem;font-weight:600;line-height:1.15rem;text-align:center;white-space:nowrap;text-overflow:clip}
.p3{background:var(--hot);color:var(--on-hot)}
.p2{background:var(--part)}
.p1{background:var(--mild);border-bottom:3px solid var(--part)}
.p0{background:var(--back)}
.wi{background:var(--line)}
.nr{position:absolute;transform:translateX(-50%);font-size:.66rem;font-weight:600;line-height:1rem;min-width:1rem;padding:0 .15rem;text-align:center;border:1px solid var(--soft);border-radius:99px;background:var(--paper)}
.axis .plot{height:1.1rem;border-top:1px solid var(--rule)}
.axis .lab b{display:inline;font-weight:400}.axis .lab span{display:inline;margin-inline-start:.4em}
.tk{position:absolute;transform:translateX(-50%);font-size:.7rem;color:var(--soft);white-space:nowrap}.ts{transform:none}.te{transform:translateX(-100%)}
.lanehead{font-size:.72rem;color:var(--soft);margin:.6rem 0 .1rem;padding-inline-start:12.5rem}
.health .lab{font-size:.68rem;color:var(--soft);line-height:1rem}.health .lab b{font-weight:400}
.health svg{height:10px;margin:3px 0}
.strip{align-items:center}.strip svg{height:16px;margin:3px 0}
.strip .lab b{display:inline}.strip .lab span{display:inline;margin-inline-start:.5em}
.strip .loss{white-space:nowrap}.strip .loss b{display:inline;font-size:.85rem}.strip .loss span{display:inline;margin-inline-start:.4em}
path{vector-effect:non-scaling-stroke}
.gr{stroke:var(--rule);stroke-width:1;fill:none}
.ax{stroke:var(--soft);stroke-width:1;fill:none}
.bd{fill:var(--band)}
.ln{fill:none;stroke:var(--line);stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}
.zr{fill:none;stroke:var(--hot);stroke-width:4}
.on{stroke:var(--hot);stroke-width:1.2;stroke-dasharray:3 3;fill:none}
.mk{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 3;fill:none}
.g{fill:url(#hm)}.gs{fill:url(#hs)}.gd{fill:url(#hd)}
.pt{stroke:var(--gap);stroke-width:1;fill:none;vector-effect:none}.pd{fill:var(--gap)}
.al{fill:var(--line);opacity:.75}
.s0{fill:var(--back);background:var(--back)}.s1{fill:var(--mild);background:var(--mild)}.s2{fill:var(--part);background:var(--part)}.s3{fill:var(--hot);background:var(--hot)}.s4{fill:var(--deepest);background:var(--deepest)}.su{fill:var(--rule);background:var(--rule)}
figcaption{font-size:.85rem;color:var(--soft);margin-top:.6rem}
figcaption p,figcaption ul{max-width:none}
.keys{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
.key{display:inline-flex;align-items:center;gap:.4em}
.k{display:inline-block;width:24px;height:10px}
i.bd{background:var(--band)}i.ln{height:0;border-top:2px solid var(--line)}i.zr{height:0;border-top:4px solid var(--hot)}
.marks{columns:2;column-gap:2rem;max-width:none}
)";

// Under 46 rem labels stand above their plots and tables become one block per row.
constexpr std::string_view kNarrow = R"(
@media screen and (max-width:46rem){
.kf{grid-template-columns:1fr 1fr}.kf div{padding:.6rem .7rem}.kf div:nth-child(odd){border:0;padding-inline-start:0}.kf div:nth-child(n+3){border-top:1px solid var(--rule)}
.row{grid-template-columns:1fr auto}.lab{text-align:start;padding:0 .6rem 0 0;grid-area:1/1}.loss{grid-area:1/2;text-align:end}.plot{grid-area:2/1/3/3;margin-top:.15rem}
.pl svg{height:64px}.pl{padding-bottom:.8rem}
.y1,.y0{inset-inline-end:auto;inset-inline-start:2px;background:var(--paper);padding:0 2px}.y0{display:none}
.axis .lab{font-size:.7rem}.mi{display:none}.lanehead{padding:0}
.marks{columns:1}
.stack thead{display:none}.stack tr{display:block;border-bottom:1px solid var(--rule);padding:.5rem 0}
.stack td{display:grid;grid-template-columns:7rem 1fr;gap:.5rem;border:0;padding:.1rem 0;text-align:start;white-space:normal}
.stack td::before{content:attr(data-h);color:var(--soft);font-weight:400;font-size:.8rem}
.stack td:empty{display:none}
header .end{margin-inline-start:0}
}
)";

constexpr std::string_view kPrint = R"(
@page{size:A4;margin:14mm 14mm 16mm}
@media print{
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{font-size:9.4pt}body{background:#fff}main{max-width:none;padding:0}
h1{font-size:24pt;max-width:none}h2{break-after:avoid}.row,tr,.kf,pre,li,.fig{break-inside:avoid}.fig{margin-bottom:1.4rem}.long{break-inside:auto}.lane,.lanehead{break-after:avoid}.axis{break-before:avoid}.row{grid-template-columns:12.5rem 1fr 8.2rem}.pl svg{height:52px}.health svg{height:6px}.kf{margin-bottom:1.2rem}section{margin-top:1.6rem}p,ul,ol,.dek{max-width:none}
details:not([open]){display:none}
.wide{overflow:visible;max-height:none}a{text-decoration:none}
}
)";

}  // namespace

std::string style_sheet() {
  std::string text = ":root{color-scheme:light dark;" + css_variables(false) + "}";
  text += "@media screen and (prefers-color-scheme:dark){:root{" + css_variables(true) + "}}";
  text += kPage;
  text += kFigures;
  text += kNarrow;
  text += kPrint;
  return text;
}

}  // namespace lightsout
