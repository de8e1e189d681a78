using System.Text.Json.Serialization;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;

namespace QTrade.Node.Admin;

/// <summary>Every event of the journal with its fields by name; for reading only.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(NameConverter<Markets.PoolId>), typeof(NameConverter<Markets.TokenId>), typeof(NameConverter<TradeId>),
        typeof(NameConverter<SnapshotId>), typeof(NameConverter<Messages.PositionVector>), typeof(CurveConverter)])]
[JsonSerializable(typeof(ReservesChanged))]
[JsonSerializable(typeof(PoolConfigured))]
[JsonSerializable(typeof(PoolRetired))]
[JsonSerializable(typeof(TokenRegistered))]
[JsonSerializable(typeof(EpochStarted))]
[JsonSerializable(typeof(SnapshotHandedOut))]
[JsonSerializable(typeof(Decided))]
[JsonSerializable(typeof(RouteEnded))]
[JsonSerializable(typeof(SnapshotEnded))]
[JsonSerializable(typeof(TradingStateChanged))]
[JsonSerializable(typeof(RiskLimitsChanged))]
[JsonSerializable(typeof(RiskSliceLeased))]
[JsonSerializable(typeof(RiskSliceReported))]
[JsonSerializable(typeof(SharedLossChanged))]
[JsonSerializable(typeof(RiskLossTold))]
[JsonSerializable(typeof(RiskReset))]
[JsonSerializable(typeof(FeedStarted))]
[JsonSerializable(typeof(OutcomeTallied))]
[JsonSerializable(typeof(TradeIntended))]
[JsonSerializable(typeof(TradeEnded))]
internal sealed partial class EventJson : JsonSerializerContext;
