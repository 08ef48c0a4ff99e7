// The style sheet of every page: one text, nothing fetched, light and dark, screen and paper, from
// 360 px up. Only logical properties, so that a language written from right to left needs nothing
// of its own. Its colours are report/palette.h's, whose contrasts a test checks.
//
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "pages/frame.h"
#include "report/palette.h"

namespace lightsout {

namespace {

constexpr std::string_view kPage = R"(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main,.in{max-width:66rem;margin-inline:auto;padding-inline:1.25rem}
main{padding-block-end:3rem}
a{color:inherit;text-underline-offset:.15em;text-decoration-thickness:1px}
a:hover{color:var(--line)}
:focus-visible{outline:2px solid var(--line);outline-offset:2px;border-radius:2px}
.skip{position:absolute;inset-inline-start:-999rem;inset-block-start:0;background:var(--paper);padding:.5rem 1rem;z-index:9}
.skip:focus{inset-inline-start:0}
.top{border-block-end:1px solid var(--rule);font-size:.85rem;color:var(--soft)}
.top .in{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;align-items:baseline;padding-block:.6rem}
.brand{font:600 1.15rem Georgia,"Noto Serif","Liberation Serif",serif;color:var(--ink);text-decoration:none}
.top nav{display:flex;flex-wrap:wrap}
.top nav a,.langs a,.foot nav a{text-decoration:none;padding:.3rem 0;margin-inline-end:1rem;display:inline-block}
.top nav a:hover,.foot nav a{text-decoration:underline}
.top [aria-current]{color:var(--ink);font-weight:600;border-block-end:2px solid var(--line)}
.clock{margin-inline-start:auto;white-space:nowrap}
.langs a{margin-inline-end:.6rem}
.banner{background:var(--banner);color:var(--on-banner);padding:.55rem 1.25rem;margin:0;font-size:.88rem;text-align:center;max-width:none}
.foot{border-block-start:1px solid var(--rule);margin-block-start:2rem;padding-block:1rem 2rem;font-size:.85rem;color:var(--soft)}
.dot{color:var(--line)}.dot.late,.dot.off{color:var(--hot)}
h1,h2,h3,.kf dd,.big{font-family:Georgia,"Noto Serif","Liberation Serif",serif;font-weight:600}
h1{font-size:clamp(1.7rem,4.2vw,2.7rem);line-height:1.14;margin:.3rem 0 .6rem;max-width:26ch;text-wrap:balance}
h2{font-size:1.28rem;line-height:1.3;margin:0 0 .4rem;max-width:44rem;text-wrap:balance}
h3{font-size:1.05rem;line-height:1.3;margin:1rem 0 .2rem}
h1 a,h2 a,h3 a{text-decoration:none}h1 a:hover,h2 a:hover,h3 a:hover{text-decoration:underline}
.hash{color:var(--soft);font:400 .8em system-ui,sans-serif;margin-inline-start:.4em;text-decoration:none}
.kicker{font-size:.85rem;color:var(--soft);margin:1.5rem 0 .2rem;display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:baseline;max-width:none}
.dek{font-size:1.1rem;max-width:46rem;margin:.2rem 0 1rem}
.soft,.note,.dek span{color:var(--soft)}
.note,td .soft{font-size:.88rem}
.strong{font-weight:600}.for{color:var(--cold)}
p,ul,ol{max-width:46rem;margin:.4rem 0}
ul,ol{padding-inline-start:1.2rem}
section{margin-block-start:2.4rem}
.pill{border:1px solid var(--hot);color:var(--hot);border-radius:99px;padding:0 .6rem;font-weight:600;white-space:nowrap}
.pill::before{content:"\25a0\00a0"}
.pill.calm{border-color:var(--line);color:var(--line)}.pill.calm::before{content:"\25a1\00a0"}
.chip{border:1px solid var(--rule);border-radius:3px;padding:0 .4rem;white-space:nowrap}
.kf{display:grid;grid-template-columns:repeat(4,1fr);border-block:1px solid var(--rule);margin:1.2rem 0 1.6rem}
.kf div{padding:.7rem .9rem;border-inline-start:1px solid var(--rule)}
.kf div:first-child{border:0;padding-inline-start:0}
dt{font-size:.8rem;color:var(--soft)}
.kf dd{margin:0;font-size:1.4rem;line-height:1.25}
.kf small{font:400 .8rem/1.4 system-ui,"Noto Sans",sans-serif;color:var(--soft);display:block}
.change{border-inline-start:3px solid var(--band);padding-inline-start:.9rem;margin:1rem 0;font-size:.92rem}
.change b{display:block}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border-inline-start:3px solid var(--rule);padding:.3rem .8rem;font-size:.82rem;margin:.4rem 0}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:start;color:var(--soft);font-size:.85rem;padding-block-end:.3rem}
th{font-weight:600;text-align:start;color:var(--soft);font-size:.8rem;vertical-align:bottom}
tbody th{color:var(--ink);font-size:inherit;vertical-align:top}
td,th{padding-block:.4rem;padding-inline:0 .9rem;border-block-end:1px solid var(--rule);vertical-align:top}
td small,th small{display:block;color:var(--soft);font-size:.8rem;font-weight:400;line-height:1.35}
.n{text-align:end;white-space:nowrap}
.n,.loss b,.loss span,.kf dd{unicode-bidi:plaintext}.loss b,.loss span,.kf dd{text-align:match-parent}
.hot{color:var(--hot);font-weight:600}
.hex{overflow-wrap:anywhere;font-size:.74rem}
.wide{overflow-x:auto;max-height:26rem}
.data td,.data th{padding-block:.15rem;padding-inline:0 .8rem;white-space:nowrap;font-size:.8rem}
details{margin:.5rem 0}
summary{cursor:pointer;text-decoration:underline;text-underline-offset:.15em}
form{display:flex;flex-wrap:wrap;gap:.5rem .8rem;align-items:end;margin:.6rem 0}
label{font-size:.8rem;color:var(--soft);display:block}
input,select,button{font:inherit;font-size:.92rem;color:var(--ink);background:var(--paper);border:1px solid var(--gap);border-radius:4px;padding:.35rem .5rem;max-width:100%}
button{background:var(--line);border-color:var(--line);color:var(--paper);font-weight:600;cursor:pointer}
.list{list-style:none;padding:0;max-width:none;margin:0}
.story{border-block-end:1px solid var(--rule);padding-block:1.1rem;display:grid;grid-template-columns:minmax(0,1fr) 20rem;gap:.2rem 2rem;align-items:start}
.story .kicker{margin-block-start:0}
.story h2,.story p{max-width:44rem}
.story .strips{padding-block-start:.3rem;min-width:0}
.lead{grid-template-columns:minmax(0,1fr)}
.lead h2{font-size:clamp(1.6rem,4vw,2.5rem);line-height:1.14;max-width:28ch}
.links{font-size:.85rem;display:flex;flex-wrap:wrap;gap:.1rem 1rem;max-width:none}
.over{font:600 .95rem system-ui,"Noto Sans",sans-serif;color:var(--soft);margin:0 0 .4rem;max-width:none}
.lead figure{margin-block:1rem .4rem}.lead figure h2{font-size:1.05rem;max-width:none}
.cols{display:grid;grid-template-columns:1fr 1fr;gap:0 3rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.8rem 1.6rem;max-width:none;list-style:none;padding:0}
)";

constexpr std::string_view kFigures = R"(
figure{margin:2.4rem 0 .6rem}
.defs{position:absolute;width:0;height:0}
.row{display:grid;grid-template-columns:12.5rem minmax(0,1fr) 7rem;align-items:start}
.lab{text-align:end;padding-inline-end:.7rem;font-size:.8rem;line-height:1.3;min-width:0}
.lab b{display:block;font-weight:600}
.lab span,.loss span{color:var(--soft);font-size:.74rem;display:block;line-height:1.35}
.plot{position:relative;min-width:0}
.plot svg{direction:ltr;display:block;width:100%;overflow:visible}
.pl{padding-block-end:.5rem}.pl .lab{padding-inline-end:2.9rem}.pl svg{height:76px}
.loss{padding-inline-start:.7rem;font-size:.8rem}
.loss b{font:600 1.05rem/1.2 Georgia,"Noto Serif","Liberation Serif",serif;color:var(--hot);display:block}
.loss .ok{color:var(--line)}
.y0,.y1{position:absolute;inset-inline-end:100%;margin-inline-end:.35rem;font-size:.7rem;color:var(--soft);line-height:1;white-space:nowrap;font-style:normal}
.y1{inset-block-start:0}.y0{inset-block-end:0}
.pl{padding-block-start:.2rem}.lane svg{height:18px;margin-block:2px}.thin svg{height:10px}.health svg{height:10px;margin-block:3px}
.lane text,.axis text{font-size:11px;fill:var(--soft)}
.lane .in3{fill:var(--on-hot);font-weight:600}.lane .in2{fill:var(--ink);font-weight:600}.lane .num{fill:var(--ink);font-weight:600}
.axis svg{height:17px;border-block-start:1px solid var(--rule)}
.axis .lab b,.strip .lab b,.health .lab b{display:inline;font-weight:400}
.axis .lab span,.strip .lab span{display:inline;margin-inline-start:.4em}
.health .lab{font-size:.72rem;color:var(--soft);line-height:1rem}
.lanehead{font-size:.74rem;color:var(--soft);margin:.6rem 0 .1rem;padding-inline-start:12.5rem}
.strip{align-items:center}.strip svg{height:17px;margin-block:2px}.strip .lab b{font-weight:600}
.strip .loss{white-space:nowrap}.strip .loss b{display:inline;font-size:.86rem}.strip .loss span{display:inline;margin-inline-start:.4em}
.p3{fill:var(--hot)}.p2{fill:var(--part)}.p1{fill:var(--mild);stroke:var(--part)}.p0{fill:var(--back)}.wi{fill:var(--line)}
.gr{stroke:var(--rule);stroke-width:1;fill:none}.ax{stroke:var(--soft);stroke-width:1;fill:none}
.gr,.ax,.ln,.zr,.on,.mk{vector-effect:non-scaling-stroke}
.bd{fill:var(--band)}.ln{fill:none;stroke:var(--line);stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.zr{fill:none;stroke:var(--hot);stroke-width:4}
.on{stroke:var(--hot);stroke-width:1.2;stroke-dasharray:3 3;fill:none}.mk{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 3;fill:none}
.g{fill:url(#hm)}.gs{fill:url(#hs)}.gd{fill:url(#hd)}.pt{stroke:var(--gap);stroke-width:1;fill:none}.pd{fill:var(--gap)}
.al{fill:var(--line);opacity:.75}
.s0{fill:var(--back)}.s1{fill:var(--mild)}.s2{fill:var(--part)}.s3{fill:var(--hot)}.s4{fill:var(--deepest)}.su{fill:var(--rule)}
.bar{inline-size:9rem;block-size:14px;display:block;direction:ltr}.bar .rg{fill:var(--rule)}.bar .v{fill:var(--line)}.bar .vl{fill:var(--hot)}
.mini{display:block;width:100%;height:34px;direction:ltr}
.cal{width:100%;height:auto;max-width:44rem;display:block;direction:ltr}.cal text{font-size:8px;fill:var(--soft)}.cal .d{fill:var(--rule);opacity:.55}
figcaption{font-size:.85rem;color:var(--soft);margin-block-start:.6rem}
figcaption p,figcaption ul{max-width:none}
.keys,.take{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem}
.key{display:inline-flex;align-items:center;gap:.4em}.key svg{width:24px;height:10px}
.marks{columns:2;column-gap:2rem;max-width:none}
)";

constexpr std::string_view kArchive = R"(
.scroll{overflow-x:auto;margin-block:.6rem}.scroll thead .n{white-space:normal}.scroll tbody td:last-child{min-width:9rem}main>h1:first-child{margin-block-start:1.5rem}main>h2,main>nav>h2{margin-block-start:2rem}form small{display:block}
.terms{max-width:46rem}.terms dt{font-size:1rem;font-weight:600;color:var(--ink);margin-block-start:1rem}.terms dd{margin:0;color:var(--soft)}
.document h1{max-width:none}.document p,.document ul{max-width:48rem}.document h2{margin-block-start:2rem}.document code{overflow-wrap:anywhere}
.steps [aria-current]{font-weight:600}
.world{width:100%;height:auto;display:block;direction:ltr}.world path{stroke:var(--paper);stroke-width:.5}.world a:focus-visible path{stroke:var(--ink);stroke-width:2}
.hatch1{fill:url(#h1)}.hatch2{fill:url(#h2)}.world .hatch1,.world .hatch2{pointer-events:none}.hl{stroke:var(--paper);stroke-width:1.2;fill:none}
.cal .stripe{fill:var(--paper)}
.tilegrid{display:grid;grid-template-columns:repeat(auto-fill,minmax(2.9rem,1fr));gap:.25rem;list-style:none;padding:0;max-width:none}
.tilegrid a{display:block;text-align:center;padding:.55rem 0;font-size:.82rem;text-decoration:none;border:1px solid var(--rule);border-radius:3px}
.tilegrid .t0{color:var(--soft)}.tilegrid .t1{background:var(--back);border-color:var(--gap)}
.tilegrid .t2,.tilegrid .t3{border:2px dashed var(--hot);font-weight:600}.tilegrid .t4,.tilegrid .t5{background:var(--hot);color:var(--on-hot);font-weight:600}
.tilegrid .t5{outline:2px solid var(--ink)}
)";

// Under 46 rem labels stand above their plots and tables become one block per row.
constexpr std::string_view kNarrow = R"(
@media screen and (max-width:60rem){.bar{display:none}td,th{padding-inline:0 .6rem}.row{grid-template-columns:10.5rem minmax(0,1fr) 6.9rem}.lanehead{padding-inline-start:10.5rem}.story{grid-template-columns:minmax(0,1fr) 14rem}.lead{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:46rem){
.clock{margin-inline-start:0}.top .in{gap:0 .8rem}.bar{display:block}
.kf{grid-template-columns:1fr 1fr}.kf div{padding:.6rem .7rem}.kf div:nth-child(odd){border:0;padding-inline-start:0}.kf div:nth-child(n+3){border-block-start:1px solid var(--rule)}
.row{grid-template-columns:minmax(0,1fr) auto}.lab{text-align:start;padding:0;padding-inline-end:.6rem;grid-area:1/1}.loss{grid-area:1/2;text-align:end}.plot{grid-area:2/1/3/3;margin-block-start:.15rem}
.pl svg{height:64px}.pl{padding-block-end:.8rem}.pl .lab{padding-inline-end:.6rem}
.y1,.y0{inset-inline-end:auto;inset-inline-start:2px;background:var(--paper);padding-inline:2px}.y0{display:none}
.axis .lab{font-size:.72rem}.mi{display:none}.lanehead{padding:0}.marks{columns:1}
.story,.over{font:600 .95rem system-ui,"Noto Sans",sans-serif;color:var(--soft);margin:0 0 .4rem;max-width:none}
.lead figure{margin-block:1rem .4rem}.lead figure h2{font-size:1.05rem;max-width:none}
.cols,.story{grid-template-columns:minmax(0,1fr)}
.stack thead{display:none}.stack tr{display:block;border-block-end:1px solid var(--rule);padding-block:.5rem}
.stack td,.stack th{display:grid;grid-template-columns:7.5rem 1fr;gap:.5rem;border:0;padding:.1rem 0;text-align:start;white-space:normal}
.stack td>*,.stack th>*{grid-column:2}
.stack tbody th{display:block}.stack td::before{content:attr(data-h);color:var(--soft);font-weight:400;font-size:.8rem}
.stack td:empty{display:none}
}
)";

constexpr std::string_view kPrint = R"(
@page{size:A4;margin:14mm 14mm 16mm}
@media print{
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{font-size:9.4pt}body{background:#fff}main,.in{max-width:none;padding-inline:0}
.top nav,.langs,.skip,.foot nav,.take,form,.hash,details:not([open]){display:none}
h1{font-size:24pt;max-width:none}h2,.lanehead,.lane{break-after:avoid}.row,tr,.kf,pre,li{break-inside:avoid}.axis{break-before:avoid}
.pl svg{height:52px}p,ul,ol,.dek{max-width:none}.wide{overflow:visible;max-height:none}a{text-decoration:none}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
)";

}  // namespace

std::string_view site_style() {
  static const std::string sheet = [] {
    std::string text = ":root{color-scheme:light;" + css_variables(false) + "}";
    text += "@media screen{:root[data-theme=dark]{color-scheme:dark;" + css_variables(true) + "}}";
    text += "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){";
    text += "color-scheme:dark;" + css_variables(true) + "}}";
    text += kPage;
    text += kFigures;
    text += kArchive;
    text += kNarrow;
    text += kPrint;
    return text;
  }();
  return sheet;
}

}  // namespace lightsout
