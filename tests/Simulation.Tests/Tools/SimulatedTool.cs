using Chat.V1;
using ChatGrpc.Tools;
using Microsoft.Extensions.AI;
using Simulation.Tests.Checking;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Tools;

/// <summary>A tool of the service, on the schedule's clock; its name says what it does.</summary>
/// <param name="isLost">The process that runs it was given up for dead.</param>
internal sealed class SimulatedTool(
    string name, ToolRuns runs, Chance chance, SimulatedClock clock, Func<bool> isLost) : AIFunction
{
    public override string Name => name;

    protected override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var call = $"{arguments["of"]}";
        var run = runs.Begin(call, name, clock.Place, isLost, cancellationToken);
        try
        {
            await DoAsync(call, ToolReport.Of(arguments)!, cancellationToken);
            return ToolBehaviour.Did(call);
        }
        finally
        {
            run.HasEnded = true;
        }
    }

    private async Task DoAsync(string call, ToolReport report, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case ToolBehaviour.Quick:
                await (chance.Percent(50) ? Task.CompletedTask : PassAsync(50));
                break;
            case ToolBehaviour.Slow:
                for (var i = 1; i <= 4; i++)
                {
                    report.Progress(i / 4.0, $"{i} of 4");
                    await PassAsync(400);
                }

                break;
            case ToolBehaviour.Drawing:
                await PassAsync(100);
                await report.DocumentAsync(
                    new Document { Id = call, Title = call, MediaType = "text/plain", Text = ToolBehaviour.Did(call) },
                    cancellationToken);
                break;
            case ToolBehaviour.Failing:
                await PassAsync(100);
                throw new InvalidOperationException("The tool has a bug.");
            case ToolBehaviour.Hanging:
                await clock.PassAsync(TimeSpan.FromDays(1), cancellationToken);
                break;
            case ToolBehaviour.Deaf:
                await clock.PassAsync(2 * ToolBehaviour.Deadline, CancellationToken.None);
                break;
        }

        Task PassAsync(int mostMilliseconds) =>
            clock.PassAsync(chance.Milliseconds(0, mostMilliseconds), cancellationToken);
    }
}
