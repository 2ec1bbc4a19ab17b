//! Modules, in this file and in others, and the attributes of what is around.

use proc_macro2::TokenTree;

use super::Builder;
use super::attributes::{Attributes, matters, without_memo};
use super::cursor::{self, Piece};
use super::impls::compact;
use super::mentions::trees;
use super::nodes::{Around, number, word};
use crate::file::{Declared, FileModule, Kind};

impl Builder<'_> {
    pub(super) fn module(&mut self, piece: &Piece<'_>, around: Around) -> Result<(), String> {
        let attributes = Attributes::read(piece.all);
        let name = piece.rest.get(1).map(word).unwrap_or_default();
        let before = piece.all.len() - piece.bare.len();
        // What an unknown attribute makes of a module, it makes of everything in it.
        let tokens = if attributes.unknown {
            without_memo(piece.all)
        } else {
            without_path(&piece.all[..before])
        };
        let label = name.clone();
        let mut node = self.full(Kind::Module, label, piece, &attributes, &tokens, around);
        node.defines.push(self.names.intern(&name));
        node.text = format!("mod {name}");
        if let Some(wild) = &mut node.wild {
            wild.names = node.mentions.names.iter().map(|(name, _)| *name).collect();
        }
        let only = node.only;
        let index = self.next_node();
        self.out.nodes.push(node);
        match piece.rest.last() {
            Some(TokenTree::Group(body)) => {
                self.out.modules.push(FileModule {
                    name,
                    parent: around.module,
                    is_body: false,
                    path: attributes.paths.first().cloned(),
                    only: attributes.only,
                    node: Some(index),
                    owner: None,
                });
                let module = number(self.out.modules.len() - 1);
                self.items(&trees(body.stream()), module, only)
            }
            _ => {
                self.out.declared.push(Declared {
                    module: around.module,
                    name,
                    paths: attributes.paths,
                    path_is_certain: attributes.path_is_certain,
                    only,
                    node: index,
                });
                Ok(())
            }
        }
    }

    pub(super) fn inner_attribute(&mut self, piece: &Piece<'_>, around: Around) {
        let Some(TokenTree::Group(group)) = piece.all.last() else {
            return;
        };
        let inner = trees(group.stream());
        if !matters(&inner) {
            return;
        }
        let attributes = Attributes::read(piece.all);
        let module = &mut self.out.modules[around.module as usize];
        module.only = module.only.and(attributes.only);
        let label = format!("#![{}]", compact(&inner));
        let node = self.full(
            Kind::Attributes,
            label,
            piece,
            &attributes,
            piece.all,
            around,
        );
        self.out.nodes.push(node);
    }
}

/// Attributes without `#[path]`, which says where a file is and not what is in it.
fn without_path(attributes: &[TokenTree]) -> Vec<TokenTree> {
    let pairs = attributes.chunks(2).filter(|pair| {
        !matches!(pair, [_, TokenTree::Group(group)]
            if trees(group.stream()).first().is_some_and(|first| cursor::is_word(first, "path")))
    });
    pairs.flatten().cloned().collect()
}
