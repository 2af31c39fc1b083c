"""For each check one change to the graph that it, and no other check, reports: a SPARQL update by the check's id."""

from typing import Final

MUTANTS: Final[dict[str, str]] = {
    "advisory-without-source": (
        "DELETE WHERE { GRAPH mbkg:outside { mbkg:advise-rebound-after-denosumab mbkg:hasOutsideSource ?x } }"
    ),
    "agent-orphan": (
        'INSERT DATA { GRAPH $document { mbkg:NobodysHospital a mbkg:Organisation ; rdfs:label "Nobody"@en , '
        '"无"@zh } }'
    ),
    "axiom-text-one-language": (
        "INSERT DATA { GRAPH mbkg:ontology { [] a owl:Axiom ; owl:annotatedSource mbkg:Denosumab ; "
        'owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget mbkg:Drug ; mbkg:axiomBasis "a guess"@en '
        "} }"
    ),
    "axiom-without-basis": (
        "DELETE WHERE { GRAPH mbkg:ontology { ?a owl:annotatedSource mbkg:OnDenosumab ; mbkg:fromStatement ?s } }"
    ),
    "case-concept-incomplete": ("DELETE WHERE { GRAPH mbkg:ontology { mbkg:SerumCalcium mbkg:canonicalUnit ?u } }"),
    "citation-unknown-reference": (
        "INSERT DATA { GRAPH $document { mbkg:S042 mbkg:cites mbkg:Reference-11 ; mbkg:hasCitation "
        'mbkg:S042-citation-11 . mbkg:Reference-11 a mbkg:Reference ; rdfs:label "eleven"@en , "十一"@zh . '
        "mbkg:S042-citation-11 a mbkg:Citation ; mbkg:reference mbkg:Reference-11 ; mbkg:citationScope "
        "mbkg:Scope-direct } }"
    ),
    "citation-without-scope": ("DELETE WHERE { GRAPH $document { mbkg:S042-citation-4 mbkg:citationScope ?x } }"),
    "cited-and-traced-confused": ("INSERT DATA { GRAPH $document { mbkg:S042 mbkg:tracedTo mbkg:Reference-7 } }"),
    "class-undeclared": (
        "INSERT DATA { GRAPH mbkg:ontology { [] a owl:Restriction ; owl:onProperty mbkg:hasFinding ; "
        "owl:someValuesFrom <http://example.org/Wonder> } }"
    ),
    "conflict-one-sided": ("DELETE WHERE { GRAPH $document { mbkg:Conflict-C1 mbkg:sideA ?x } }"),
    "criterion-both-ways": (
        "INSERT { GRAPH mbkg:ontology { ?c owl:equivalentClass [ a owl:Class ; owl:unionOf ( mbkg:OnDenosumab "
        "[ a owl:Class ; owl:complementOf mbkg:OnDenosumab ] ) ] . [] a owl:Axiom ; owl:annotatedSource ?c ; "
        "owl:annotatedProperty owl:equivalentClass ; mbkg:fromStatement mbkg:S165 } } WHERE { GRAPH "
        "mbkg:ontology { mbkg:stop-stable mbkg:broadCondition ?c } }"
    ),
    "criterion-not-defined": ("DELETE WHERE { GRAPH mbkg:ontology { mbkg:OnDenosumab rdfs:subClassOf mbkg:Patient } }"),
    "data-range": ("INSERT DATA { GRAPH mbkg:ontology { mbkg:stop-stable-action-9 mbkg:polarity true } }"),
    "data-value-type": (
        "DELETE { GRAPH mbkg:ontology { ?f xsd:minInclusive 100.0 } } INSERT { GRAPH mbkg:ontology { ?f "
        'xsd:minInclusive "100"^^xsd:double } } WHERE { GRAPH mbkg:ontology { ?f xsd:minInclusive 100.0 } }'
    ),
    "definition-missing": (
        "DELETE { GRAPH ?g { mbkg:hasAction skos:definition ?l } } WHERE { GRAPH ?g { mbkg:hasAction "
        'skos:definition ?l } FILTER(LANG(?l) = "en") }'
    ),
    "digest-malformed": (
        "DELETE { GRAPH $document { mbkg:S042-span mbkg:digest ?x } } INSERT { GRAPH $document { "
        "mbkg:S042-span mbkg:digest ?y } } WHERE { GRAPH $document { mbkg:S042-span mbkg:digest ?x } "
        "BIND(UCASE(?x) AS ?y) }"
    ),
    "dose-without-unit": (
        "DELETE WHERE { GRAPH mbkg:ontology { mbkg:dose-denosumab-monthly-action-1 mbkg:doseUnit ?u } }"
    ),
    "duration-malformed": (
        'INSERT DATA { GRAPH mbkg:ontology { mbkg:dose-denosumab-monthly-action-1 mbkg:interval "monthly" } }'
    ),
    "exact-match-twice": ('INSERT DATA { GRAPH mbkg:ontology { mbkg:Denosumab mbkg:codeExact "ATC:M05BX99" } }'),
    "flag-in-two-graphs": ('INSERT DATA { GRAPH mbkg:outside { mbkg:Flag-AMB-BMD mbkg:origin "outside" } }'),
    "flag-unused": ('INSERT DATA { GRAPH $document { mbkg:Flag-X a mbkg:Flag ; rdfs:label "X"@en , "X"@zh } }'),
    "foreign-equivalence": (
        "INSERT DATA { GRAPH mbkg:ontology { mbkg:MultipleMyeloma owl:equivalentClass "
        "<http://purl.obolibrary.org/obo/MONDO_0009693> . <http://purl.obolibrary.org/obo/MONDO_0009693> a "
        "owl:Class } }"
    ),
    "identifier-wrong": ('INSERT DATA { GRAPH mbkg:ontology { mbkg:stop-stable dcterms:identifier "stop" } }'),
    "inferred-stale": ("INSERT DATA { GRAPH mbkg:ontology { mbkg:VitaminD rdfs:subClassOf mbkg:StudyFeature } }"),
    "label-missing": ("DELETE WHERE { GRAPH mbkg:ontology { mbkg:Denosumab rdfs:label ?l } }"),
    "label-shared": (
        "DELETE { GRAPH ?g { mbkg:PamidronicAcid rdfs:label ?l } } INSERT { GRAPH ?g { mbkg:PamidronicAcid "
        'mbkg:caseKind "drug" ; rdfs:label ?n . mbkg:Denosumab mbkg:caseKind "drug" } } WHERE { GRAPH ?g { '
        'mbkg:PamidronicAcid rdfs:label ?l . mbkg:Denosumab rdfs:label ?n } FILTER(LANG(?l) = "en" && '
        'LANG(?n) = "en") }'
    ),
    "label-twice": ('INSERT DATA { GRAPH mbkg:ontology { mbkg:Denosumab rdfs:label "denosumab again"@en } }'),
    "language-missing": ('INSERT DATA { GRAPH mbkg:ontology { mbkg:Denosumab mbkg:hedge "perhaps"@en } }'),
    "language-tag-unknown": ('INSERT DATA { GRAPH mbkg:ontology { mbkg:Denosumab skos:altLabel "Denosumab"@de } }'),
    "link-dangling": ("INSERT DATA { GRAPH $document { mbkg:S042 mbkg:mentions mbkg:Misspelt } }"),
    "list-malformed": ("INSERT DATA { GRAPH mbkg:ontology { [] rdf:first mbkg:Denosumab } }"),
    "mention-missing": ("DELETE WHERE { GRAPH $document { mbkg:S136 mbkg:mentions mbkg:RANKL } }"),
    "narrow-within-broad": (
        "INSERT DATA { GRAPH mbkg:ontology { mbkg:stop-x mbkg:narrowCondition mbkg:OnDenosumab ; "
        "mbkg:broadCondition mbkg:OnBisphosphonate } }"
    ),
    "object-property-to-class": ("INSERT DATA { GRAPH $document { mbkg:S042 mbkg:concerns mbkg:Denosumab } }"),
    "outside-in-document": ("INSERT DATA { GRAPH mbkg:ontology { mbkg:advise-x a mbkg:SourceCheck } }"),
    "outside-without-source": (
        'INSERT DATA { GRAPH mbkg:outside { mbkg:Check-X a mbkg:SourceCheck ; mbkg:verification "verified" } }'
    ),
    "property-undeclared": ('INSERT DATA { GRAPH mbkg:ontology { mbkg:Denosumab mbkg:undreamtOf "of" } }'),
    "punning": ("INSERT DATA { GRAPH mbkg:ontology { mbkg:Hypocalcaemia a owl:NamedIndividual } }"),
    "quantity-incomplete": ("DELETE WHERE { GRAPH $document { mbkg:S208-quantity-1 mbkg:comparator ?x } }"),
    "recall-marked-verified": (
        'DELETE { GRAPH mbkg:outside { ?f mbkg:verification "unverified" } } INSERT { GRAPH mbkg:outside { ?f '
        'mbkg:verification "verified" } } WHERE { GRAPH mbkg:outside { ?f a mbkg:Flag ; mbkg:verification '
        '"unverified" } }'
    ),
    "recommendation-conditions": ("DELETE WHERE { GRAPH mbkg:ontology { mbkg:stop-stable mbkg:broadCondition ?x } }"),
    "recommendation-incomplete": ("DELETE WHERE { GRAPH mbkg:ontology { mbkg:stop-stable mbkg:topic ?x } }"),
    "recommendation-order": (
        "DELETE { GRAPH mbkg:ontology { mbkg:stop-stable mbkg:order ?o } } INSERT { GRAPH mbkg:ontology { "
        "mbkg:stop-stable mbkg:order 900 } } WHERE { GRAPH mbkg:ontology { mbkg:stop-stable mbkg:order ?o } }"
    ),
    "reference-uncited": (
        "INSERT DATA { GRAPH $document { mbkg:Reference-11 a mbkg:Reference ; mbkg:inDocument "
        'mbkg:Document-roundtable ; rdfs:label "eleven"@en , "十一"@zh } }'
    ),
    "review-missing": ("DELETE WHERE { GRAPH $document { mbkg:Review-roundtable-1 mbkg:reviewStatus ?x } }"),
    "span-incomplete": ("DELETE WHERE { GRAPH $document { mbkg:S042-span mbkg:digest ?x } }"),
    "span-outside-document": ("INSERT DATA { GRAPH $document { mbkg:S042-span oa:end 7000 } }"),
    "speaker-without-affiliation": ("DELETE WHERE { GRAPH $document { mbkg:WuLili mbkg:affiliatedWith ?x } }"),
    "statement-incomplete": ("DELETE WHERE { GRAPH $document { mbkg:S042 mbkg:statedBy ?x } }"),
    "subclass-cycle": (
        "INSERT DATA { GRAPH mbkg:ontology { mbkg:ConditionOf-treat-tier-low rdfs:subClassOf "
        "mbkg:ConditionOf-tier-low . mbkg:ConditionOf-tier-low rdfs:subClassOf "
        "mbkg:ConditionOf-treat-tier-low } }"
    ),
    "threshold-not-stated": (
        "DELETE { GRAPH mbkg:ontology { ?f xsd:minInclusive 100.0 } } INSERT { GRAPH mbkg:ontology { ?f "
        "xsd:minInclusive 99.0 } } WHERE { GRAPH mbkg:ontology { ?f xsd:minInclusive 100.0 } }"
    ),
    "unit-undescribed": ('INSERT DATA { GRAPH mbkg:ontology { mbkg:SerumCalcium mbkg:acceptedUnit "furlong" } }'),
    "verification-unknown": ('INSERT DATA { GRAPH mbkg:outside { mbkg:Check-C10 mbkg:verification "probably" } }'),
}
