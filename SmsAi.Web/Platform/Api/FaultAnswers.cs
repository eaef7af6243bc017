using SmsAi.Core.Platform.Database;

namespace SmsAi.Web.Platform.Api;

/// <summary>Whatever goes wrong, and no page is made of, is said as a problem: what was asked for was not done, and why, without a word of the inside.</summary>
internal sealed partial class FaultAnswers(RequestDelegate next, ILogger<FaultAnswers> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            var (status, detail) = Words(fault, ApiDoor.IsApi(context));
            if (status == StatusCodes.Status500InternalServerError)
                LogFailed(context.GetEndpoint()?.DisplayName ?? "", fault);
            context.Response.Clear();
            await ApiProblem.Of(status, detail).ExecuteAsync(context);
        }
    }

    private static (int Status, string Detail) Words(Exception fault, bool isApi) => fault switch
    {
        _ when fault.IsOutage() => (StatusCodes.Status503ServiceUnavailable, "The database doesn't answer, so nothing was done. Try again in a few seconds."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } when isApi => (StatusCodes.Status413PayloadTooLarge, $"The body is too long: at most {ApiDoor.MostBytes} bytes."),
        BadHttpRequestException bad => (bad.StatusCode, "The request can't be read."),
        UnauthorizedAccessException => (StatusCodes.Status403Forbidden, "The role may not do this."),
        _ => (StatusCodes.Status500InternalServerError, "This failed inside the service. The log has it under the trace below."),
    };

    [LoggerMessage(7220, LogLevel.Error, "{Endpoint} failed")]
    private partial void LogFailed(string endpoint, Exception fault);
}
