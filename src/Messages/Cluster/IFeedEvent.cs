namespace QTrade.Messages.Cluster;

/// <summary>A fact of <c>feed</c>, which numbers the feeds of a chain that several nodes can follow.</summary>
public interface IFeedEvent : IEvent;
