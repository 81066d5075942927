namespace ChatGrpc.Providers;

/// <summary>A place where models run. Implementations are used by many turns at once.</summary>
internal interface IModelProvider
{
    /// <summary>As OpenTelemetry's gen_ai.provider.name has it: openai, anthropic, demo.</summary>
    string Name { get; }

    /// <summary>
    /// Its models carry on a conversation's last message if that is their own. Others take it for finished, or refuse
    /// it.
    /// </summary>
    bool CarriesOn => false;

    /// <summary>
    /// Its wire has a place for tools, calls and results. Others need <c>Xml/XmlToolCalls</c> around them, which puts
    /// them into words.
    /// </summary>
    bool HasTools => true;

    /// <summary>
    /// Its wire can hold an answer to a schema. Others need <c>Schemas/InstructedSchema</c> around them, which asks for
    /// it in words. Neither way is a promise: the answer has to be checked.
    /// </summary>
    bool HasSchemas => true;

    /// <summary>
    /// Asks a model and yields what it says, each delta as soon as it is on the wire. The last event is Finished or
    /// Failed; a sequence that ends without one of them was cut. An expected failure is an event, never an exception.
    /// Cancelling aborts the connection at once, before the response's headers too, and throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, CancellationToken cancellationToken);
}
