//! Graphs and what one asks of them.

use memo_runtime::memo;
use petgraph::Direction;
use petgraph::algo::{
    astar, connected_components, dijkstra, is_cyclic_directed, kosaraju_scc, min_spanning_tree,
    toposort,
};
use petgraph::data::FromElements;
use petgraph::dot::{Config, Dot};
use petgraph::graph::{DiGraph, NodeIndex, UnGraph};
use petgraph::graphmap::UnGraphMap;
use petgraph::stable_graph::StableDiGraph;
use petgraph::unionfind::UnionFind;
use petgraph::visit::{Bfs, Dfs, EdgeRef, IntoEdgeReferences, Reversed, Topo};

const ROADS: [(u32, u32, f32); 8] = [
    (0, 1, 4.0),
    (0, 2, 1.0),
    (2, 1, 2.0),
    (1, 3, 5.0),
    (2, 3, 8.0),
    (3, 4, 3.0),
    (5, 6, 1.0),
    (6, 4, 2.5),
];

#[memo]
fn shortest() -> String {
    let graph = DiGraph::<(), f32>::from_edges(ROADS);
    let costs = dijkstra(&graph, NodeIndex::new(0), None, |edge| *edge.weight());
    let mut costs: Vec<_> = costs
        .into_iter()
        .map(|(node, cost)| (node.index(), cost))
        .collect();
    costs.sort_by_key(|(node, _)| *node);
    let path = astar(
        &graph,
        NodeIndex::new(0),
        |node| node.index() == 4,
        |edge| *edge.weight(),
        |_| 0.0,
    );
    format!("{costs:?} {path:?}")
}

#[memo]
fn order() -> String {
    let graph = DiGraph::<(), f32>::from_edges(ROADS);
    let sorted = toposort(&graph, None).map_err(|cycle| cycle.node_id());
    let mut topo = Topo::new(&graph);
    let mut seen = Vec::new();
    while let Some(node) = topo.next(&graph) {
        seen.push(node.index());
    }
    format!("{sorted:?} {seen:?} {}", is_cyclic_directed(&graph))
}

#[memo]
fn walking() -> String {
    let graph = UnGraph::<(), f32>::from_edges(ROADS);
    let mut wide = Vec::new();
    let mut bfs = Bfs::new(&graph, NodeIndex::new(0));
    while let Some(node) = bfs.next(&graph) {
        wide.push(node.index());
    }
    let mut deep = Vec::new();
    let mut dfs = Dfs::new(Reversed(&graph), NodeIndex::new(4));
    while let Some(node) = dfs.next(Reversed(&graph)) {
        deep.push(node.index());
    }
    format!("{wide:?} {deep:?} {}", connected_components(&graph))
}

#[memo]
fn components() -> String {
    let mut graph = DiGraph::<&str, ()>::new();
    let nodes: Vec<_> = ["a", "b", "c", "d"]
        .iter()
        .map(|name| graph.add_node(*name))
        .collect();
    graph.extend_with_edges([
        (nodes[0], nodes[1]),
        (nodes[1], nodes[0]),
        (nodes[2], nodes[3]),
    ]);
    let strong = kosaraju_scc(&graph);
    let degree = graph
        .neighbors_directed(nodes[3], Direction::Incoming)
        .count();
    let mut sets = UnionFind::<usize>::new(4);
    sets.union(0, 3);
    format!(
        "{strong:?} {degree} {} {:?}",
        sets.equiv(3, 0),
        sets.into_labeling()
    )
}

#[memo]
fn changing() -> String {
    let mut graph = StableDiGraph::<u8, char>::new();
    let a = graph.add_node(1);
    let b = graph.add_node(2);
    let c = graph.add_node(3);
    graph.add_edge(a, b, 'x');
    let edge = graph.add_edge(b, c, 'y');
    graph.remove_node(a);
    graph[c] = 9;
    let edges: Vec<_> = graph.edge_references().map(|edge| *edge.weight()).collect();
    format!(
        "{edges:?} {:?} {}",
        graph.edge_endpoints(edge),
        graph.node_count()
    )
}

#[memo]
fn drawing() -> String {
    let graph = UnGraph::<u8, u8>::from_edges([(0, 1, 3), (1, 2, 4), (0, 2, 9)]);
    let tree = UnGraph::<_, _>::from_elements(min_spanning_tree(&graph));
    format!(
        "{} {:?}",
        Dot::with_config(&tree, &[Config::EdgeNoLabel]),
        Dot::new(&graph)
    )
}

#[memo]
fn keyed() -> String {
    let mut map = UnGraphMap::<&str, u32>::new();
    map.add_edge("x", "y", 1);
    map.add_edge("y", "z", 2);
    map.remove_edge("x", "y");
    let near: Vec<_> = map.neighbors("y").collect();
    format!(
        "{near:?} {:?} {}",
        map.edge_weight("z", "y"),
        map.contains_node("x")
    )
}
