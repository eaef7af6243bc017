using Npgsql;

namespace SmsAi.Web.Platform.Api;

/// <summary>Whatever goes wrong under /api is said as a problem: what was asked for was not done, and why, without a word of the inside.</summary>
internal sealed partial class ApiFaults(RequestDelegate next, ILogger<ApiFaults> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Answers are for whoever asked, and true for a moment.
        context.Response.Headers.CacheControl = "no-store";
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
            var (status, detail) = Words(fault);
            if (status == StatusCodes.Status500InternalServerError)
                LogFailed(context.GetEndpoint()?.DisplayName ?? "", fault);
            context.Response.Clear();
            context.Response.Headers.CacheControl = "no-store";
            await ApiProblem.Of(status, detail).ExecuteAsync(context);
        }
    }

    private static (int Status, string Detail) Words(Exception fault) => fault switch
    {
        NpgsqlException { IsTransient: true } or TimeoutException => (StatusCodes.Status503ServiceUnavailable, "The database doesn't answer, so nothing was done. Try again in a few seconds."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, $"The body is too long: at most {ApiDoor.MostBytes} bytes."),
        BadHttpRequestException bad => (bad.StatusCode, "The request can't be read."),
        UnauthorizedAccessException => (StatusCodes.Status403Forbidden, "The role may not do this."),
        NpgsqlException when fault is not PostgresException => (StatusCodes.Status503ServiceUnavailable, "The database doesn't answer, so nothing was done. Try again in a few seconds."),
        _ => (StatusCodes.Status500InternalServerError, "This failed inside the service. The log has it under the trace below."),
    };

    [LoggerMessage(7220, LogLevel.Error, "{Endpoint} failed")]
    private partial void LogFailed(string endpoint, Exception fault);
}
