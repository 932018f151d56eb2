import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Takes all cases through the benchmark's process in step, and tells the driver when to measure. */
final class Lockstep {
    /** What the harness needs of an engine: three calls that every engine of this family has. */
    interface Engine {
        void start();

        List<String> listOpenTasks();

        void complete(String taskId, Map<String, Object> answers);
    }

    static final String NOTE = System.getenv("PEER_NOTE");
    private static final int CASES = Integer.parseInt(System.getenv("PEER_CASES"));
    private static final int WARM_UP = Integer.parseInt(System.getenv("PEER_WARM_UP"));
    private static final int LOOK_ROUND = Integer.parseInt(System.getenv("PEER_LOOK_ROUND"));
    private static final BufferedReader ANSWERS =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private Lockstep() {}

    static String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + System.getenv("PEER_PORT") + "/" + System.getenv("PEER_DATABASE");
    }

    static String diagram() throws IOException {
        return Files.readString(Path.of(System.getenv("PEER_PROCESS")));
    }

    static void run(Engine engine) throws IOException {
        run(engine, WARM_UP, false);
        run(engine, CASES, true);
        tell("done");
        System.exit(0);
    }

    private static void run(Engine engine, int cases, boolean isMeasured) throws IOException {
        say(isMeasured, "look before");
        say(isMeasured, "begin starts");
        for (int number = 0; number < cases; number++) {
            engine.start();
        }
        say(isMeasured, "end " + cases);
        List<String> open = engine.listOpenTasks();
        for (int round = 0; !open.isEmpty(); round++) {
            if (round == LOOK_ROUND) {
                say(isMeasured, "look middle");
            }
            Map<String, Object> answers = Map.of("note", NOTE, "complete", round >= 3, "redo", round == 7);
            say(isMeasured, "begin completions");
            for (String taskId : open) {
                engine.complete(taskId, answers);
            }
            say(isMeasured, "end " + open.size());
            open = engine.listOpenTasks();
        }
        say(isMeasured, "look after");
    }

    private static void say(boolean isMeasured, String line) throws IOException {
        if (isMeasured) {
            tell(line);
        }
    }

    private static void tell(String line) throws IOException {
        System.out.println("@" + line);
        System.out.flush();
        ANSWERS.readLine();
    }
}
