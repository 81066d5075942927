using System.Globalization;

namespace Simulation.Tests.Model;

/// <summary>What a model writes as a call's arguments.</summary>
internal enum ScriptedArguments
{
    Good,
    NoJson,
    NoObject,
}

/// <summary>How those who run the tools of the clients answer a call.</summary>
internal enum ClientBehaviour
{
    Once,
    TwiceTheSame,
    TwiceAnother,
    TwoAtOnce,
    WrongIdFirst,
    Late,
    Never,
}

/// <summary>A call of a tool that the model makes.</summary>
/// <param name="Tool">The tool's name, which says what it does: <see cref="Tools.ToolBehaviour"/>.</param>
/// <param name="ProviderId">The provider's name of the call; empty: it gives none.</param>
/// <param name="Pieces">In how many pieces the arguments come.</param>
/// <param name="Client">For the tools that the clients run.</param>
internal sealed record ScriptedCall(
    string Tool, ScriptedArguments Arguments, string ProviderId, int Pieces, ClientBehaviour Client)
{
    public const string ClientTool = "ask";

    public bool IsForTheClient => Tool == ClientTool;

    /// <summary>The arguments name the call, so that whoever runs it can be told from all others.</summary>
    /// <param name="key">The turn's.</param>
    public string Json(string key, int step, int index)
    {
        var name = Name(key, step, index);
        return Arguments switch
        {
            ScriptedArguments.NoJson => "{\"of\":\"" + name,
            ScriptedArguments.NoObject => $"[\"{name}\"]",
            _ => "{\"of\":\"" + name + "\"}",
        };
    }

    public static string Name(string key, int step, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{key}/{step}/{index}");
}
