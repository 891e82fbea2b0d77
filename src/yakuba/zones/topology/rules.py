"""What the three-layer model demands of a topology. Each rule names the control it comes from (controls.yaml)."""

from collections.abc import Iterator

from yakuba.zones.topology import consistency
from yakuba.zones.topology.model import Flow, Layer, Model, Violation

_TERMINALS: dict[str, Layer] = {
    "alpha": "lgwan",
    "alpha-dash": "lgwan",
    "beta": "internet",
    "beta-dash": "internet",
}
_BUSINESS: dict[str, Layer] = {
    "alpha": "lgwan",
    "alpha-dash": "lgwan",
    "beta": "lgwan",
    "beta-dash": "internet",
}


def check(model: Model) -> list[Violation]:
    """Every violation of ``model``. One that contradicts itself is told that first, and the controls afterwards."""
    for stage in (*consistency.STAGES, RULES):
        found = [violation for rule in stage for violation in rule(model)]
        if found:
            return found
    return []


def _flows(model: Model) -> Iterator[tuple[Flow, Layer, Layer, str]]:
    for flow in model.flows.values():
        source, target = (model.zones[model.hosts[end].zone].layer for end in (flow.source, flow.target))
        yield flow, source, target, f"flows.{flow.id}"


def mynumber_speaks_to_lgwan_only(model: Model) -> Iterator[Violation]:
    """Nothing passes between the My Number zone and the internet's side."""
    for _, source, target, where in _flows(model):
        if "mynumber" in (source, target) and {source, target} & {"internet", "outside"}:
            yield Violation(
                "Z101",
                "mynumber-separation",
                where,
                f"マイナンバー利用事務系と {source if target == 'mynumber' else target} が直接つながります。",
                "LGWAN接続系の連携サーバーを通す二つの通信に分けてください(外側の受け渡し口を内側が呼ぶ)。",
            )


def mynumber_border_is_special(model: Model) -> Iterator[Violation]:
    """What crosses the My Number zone's border is a 特定通信 over mTLS."""
    for flow, source, target, where in _flows(model):
        if {source, target} != {"mynumber", "lgwan"}:
            continue
        if not flow.special:
            yield Violation(
                "Z102",
                "special-communication",
                where,
                "マイナンバー利用事務系の境をこえますが、特定通信 (special) と書かれていません。",
                "業務に要るなら special: true と purpose を書き、要らないなら消してください。",
            )
        if flow.method != "mtls":
            yield Violation(
                "Z103",
                "link-certificates",
                where,
                f"マイナンバー利用事務系の境を {flow.method} でこえています。",
                "受け渡し口 (method: mtls) を使ってください。",
            )


def outside_reaches_published_pages_only(model: Model) -> Iterator[Violation]:
    """From outside in there is one way: to what the internet zone publishes."""
    for flow, source, target, where in _flows(model):
        if source == "outside" and target in ("lgwan", "mynumber"):
            yield Violation(
                "Z104",
                "no-way-in",
                where,
                f"外から {target} へ直接入れます。",
                "公開するものはインターネット接続系に置き、内側が取りに行くようにしてください。",
            )
        elif (source == "outside") != (flow.method == "public"):
            yield Violation(
                "Z105",
                "no-way-in",
                where,
                f"外からの通信と「公開」(public) が合っていません(いまは {source} から {flow.method})。",
                "外からの通信だけを method: public にしてください。",
            )


def internet_and_lgwan_are_divided(model: Model) -> Iterator[Violation]:
    """Between the internet zone and LGWAN: screens, or what is handed over and rebuilt."""
    for flow, source, target, where in _flows(model):
        if {source, target} != {"internet", "lgwan"}:
            continue
        if flow.method not in ("mtls", "screen"):
            yield Violation(
                "Z106",
                "internet-separation",
                where,
                f"LGWAN接続系とインターネット接続系のあいだを {flow.method} で通信しています。",
                "画面転送 (method: screen) か、無害化つきの受け渡し (method: mtls, sanitised: true) にしてください。",
            )
        elif flow.method == "mtls" and not flow.sanitised:
            yield Violation(
                "Z107",
                "internet-separation",
                where,
                "取り込むファイルが無害化されません。",
                "無害化する受け渡しにして、sanitised: true と書いてください。",
            )


def lgwan_reaches_chosen_clouds_only_under_alpha_dash(model: Model) -> Iterator[Violation]:
    """The local breakout: α′ only, and to named clouds."""
    for flow, source, target, where in _flows(model):
        out = source == "lgwan" and target == "outside"
        if out and model.form != "alpha-dash":
            yield Violation(
                "Z108",
                "local-breakout",
                where,
                f"{model.name}では、LGWAN接続系から外へ直接つなげません。",
                "画面転送を使うか、α′モデル (form: alpha-dash) として対策をそろえてください。",
            )
        elif out and (model.hosts[flow.target].role != "cloud" or flow.method != "breakout"):
            yield Violation(
                "Z109",
                "local-breakout",
                where,
                f"ローカルブレイクアウトの相手が、決めたクラウドサービスではありません({flow.target}, {flow.method})。",
                "role: cloud のホストを相手にし、method: breakout としてください。",
            )
        elif not out and flow.method == "breakout":
            yield Violation(
                "Z109",
                "local-breakout",
                where,
                "LGWAN接続系から外へではない通信が breakout になっています。",
                "method を直してください。",
            )


def machines_stand_where_the_model_puts_them(model: Model) -> Iterator[Violation]:
    """Terminals and business systems, by model."""
    for host in model.hosts.values():
        if host.personal_number or host.role not in ("terminal", "business"):
            continue
        wanted = (_TERMINALS if host.role == "terminal" else _BUSINESS)[model.form]
        if model.zones[host.zone].layer != wanted:
            yield Violation(
                "Z110",
                "placement",
                f"hosts.{host.id}",
                f"{model.name}では、{host.name}は {wanted} に置きます(いまは {host.zone})。",
                "zone を直すか、モデル (form) を選びなおしてください。",
            )


def terminals_of_the_internet_layer_are_watched(model: Model) -> Iterator[Violation]:
    """β and β′: EPP and EDR on terminals."""
    for host in model.hosts.values():
        if host.role == "terminal" and model.zones[host.zone].layer == "internet":
            missing = [kind for kind in ("epp", "edr") if kind not in host.endpoint]
            if missing:
                yield Violation(
                    "Z111",
                    "endpoint",
                    f"hosts.{host.id}.endpoint",
                    f"インターネット接続系の業務端末に {', '.join(missing)} がありません。",
                    "端末に入れてから endpoint: [epp, edr] と書いてください。",
                )


def personal_numbers_stay_inside(model: Model) -> Iterator[Violation]:
    """個人番号 only in the My Number zone."""
    for host in model.hosts.values():
        if host.personal_number and model.zones[host.zone].layer != "mynumber":
            yield Violation(
                "Z112",
                "personal-number",
                f"hosts.{host.id}",
                f"個人番号を扱う{host.name}が {host.zone} にあります。",
                "マイナンバー利用事務系に移してください。",
            )


def gateways_join_neighbours(model: Model) -> Iterator[Violation]:
    """A gateway stands between two layers that are next to each other; the breakout of α′ is the one exception."""
    for gateway in model.gateways.values():
        joined = sorted(model.layer(zone) for zone in gateway.joins)
        breakout = joined == [0, 2] and model.form == "alpha-dash"
        if joined != list(range(joined[0], joined[0] + 2)) and not breakout:
            yield Violation(
                "Z113",
                "boundary",
                f"gateways.{gateway.id}",
                f"{'・'.join(gateway.joins)} をつないでいます。",
                "隣りあう二つの層のあいだにだけ置いてください。",
            )


def the_inner_side_opens(model: Model) -> Iterator[Violation]:
    """Between the town's zones nobody connects inward, but for the screens of β and β′."""
    for flow, source, _, where in _flows(model):
        screen = flow.method == "screen" and model.form in ("beta", "beta-dash")
        if flow.direction == "inward" and source != "outside" and not screen:
            yield Violation(
                "Z114",
                "inner-side-opens",
                where,
                f"{flow.source} から内側の {flow.target} へ接続を開きます。",
                "from と to を入れかえ、内側が取りに行くようにしてください。",
            )


def doors_are_opened_by_their_one_caller(model: Model) -> Iterator[Violation]:
    """mTLS flows end at doors, doors are reached by mTLS only, and a link has one caller."""
    callers: dict[str, set[str]] = {}
    for flow, source, target, where in _flows(model):
        service = model.service(flow)
        link = service.link if service else ""
        if (flow.method == "mtls") != bool(link) or (link and flow.protocol != "tcp"):
            yield Violation(
                "Z115",
                "link-certificates",
                where,
                f"受け渡し口と相互認証が合っていません(link: {link or 'なし'}, method: {flow.method}, {flow.protocol})。",
                "層をまたぐ受け渡しは、link のあるサービスへ method: mtls, protocol: tcp で行ってください。",
            )
        if link:
            callers.setdefault(link, set()).add(flow.source)
            if link != f"{target}-{source}":
                yield Violation(
                    "Z116",
                    "link-certificates",
                    where,
                    f"つながり {link} の名前が、呼ばれる層と呼ぶ層に合いません。",
                    f"link: {target}-{source} としてください。",
                )
    for link, hosts in callers.items():
        if len(hosts) > 1:
            yield Violation(
                "Z117",
                "link-certificates",
                f"link {link}",
                f"{', '.join(sorted(hosts))} が同じつながりを使います。",
                "呼ぶのを一台にするか、つながりを分けてください(証明書は一枚だけです)。",
            )


def methods_fit_their_place(model: Model) -> Iterator[Violation]:
    """Within a zone "internal", from the internet zone outward "browsing", and neither anywhere else."""
    for flow, source, target, where in _flows(model):
        wanted = (
            "internal"
            if source == target
            else "browsing"
            if (source, target) == ("internet", "outside")
            else ""
        )
        if flow.method != wanted and (wanted or flow.method in ("internal", "browsing")):
            yield Violation(
                "Z118",
                "data",
                where,
                f"method が {flow.method} ですが、{source} から {target} への通信です。",
                "層の中の通信は internal、インターネット接続系から外を見る通信は browsing としてください。",
            )


RULES = (
    mynumber_speaks_to_lgwan_only,
    mynumber_border_is_special,
    outside_reaches_published_pages_only,
    internet_and_lgwan_are_divided,
    lgwan_reaches_chosen_clouds_only_under_alpha_dash,
    machines_stand_where_the_model_puts_them,
    terminals_of_the_internet_layer_are_watched,
    personal_numbers_stay_inside,
    gateways_join_neighbours,
    the_inner_side_opens,
    doors_are_opened_by_their_one_caller,
    methods_fit_their_place,
)
