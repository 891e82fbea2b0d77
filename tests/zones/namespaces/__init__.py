"""The town's network on real network namespaces: one per machine, veth pairs, a bridge per zone, nftables."""
