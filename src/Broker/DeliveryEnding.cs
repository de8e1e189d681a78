namespace QTrade.Broker;

/// <summary>How a delivery ended.</summary>
internal enum DeliveryEnding
{
    Acked,
    Returned,
    Refused,
}
