namespace QTrade.Messages.Cluster;

/// <summary>A fact of <c>risk</c>, which leases the loss limit that several executors share.</summary>
public interface IRiskEvent : IEvent;
