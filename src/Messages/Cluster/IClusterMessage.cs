namespace QTrade.Messages.Cluster;

/// <summary>What nodes tell each other about themselves and their work.</summary>
public interface IClusterMessage : IMessage;
