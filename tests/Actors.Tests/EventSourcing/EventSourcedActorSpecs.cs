namespace QTrade.Actors.Tests.EventSourcing;

public sealed class EventSourcedActorSpecs() : EventSourcedActorContract(new SimulationRig());
