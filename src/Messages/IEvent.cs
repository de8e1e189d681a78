namespace QTrade.Messages;

/// <summary>A fact that is kept: it has a manifest, a version and bytes on the wire, and never changes once written.</summary>
public interface IEvent;
