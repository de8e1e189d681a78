using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>Where a cut passes through one pool's history.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Sequence">Its last event in <c>pool/&lt;id&gt;</c>.</param>
/// <param name="ConfigurationSequence">Its last event in <c>config/&lt;id&gt;</c>.</param>
public readonly record struct PoolCut(PoolId PoolId, long Sequence, long ConfigurationSequence);
